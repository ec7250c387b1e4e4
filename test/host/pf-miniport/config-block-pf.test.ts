import { describe, expect, test } from 'vitest';
import { newConfigBlockBuffer } from '#host/ndis/config-block-parameters.ts';
import type { PfMiniport } from '#host/ndis/pf-miniport.ts';
import { virtualFunctionsOf } from '#host/ndis/pf-virtual-functions.ts';
import { parseVfParameters } from '#host/ndis/vf-parameters.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { type BlockAnswer, configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import {
  allocateVf,
  createSwitch,
  deleteSwitch,
  freeVf,
  readVfConfigBlock,
  resetVf,
  vendorDeviceId,
  writeVfConfigBlock,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { hex } from '#test/support/hex.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_NOT_SUPPORTED,
  NDIS_STATUS_INVALID_PARAMETER,
  NDIS_STATUS_INVALID_LENGTH,
  NDIS_STATUS_RESOURCES,
} = NDIS_STATUS;

const ORIGIN = { device: 'g1/0', generation: 1 };
const VF = {
  vmName: 'g1',
  vmFriendlyName: 'g1',
  nicName: 'g1--0',
  permanentMacAddress: new Uint8Array(6),
  currentMacAddress: new Uint8Array(6),
};
const KNOWN_BLOCK = 5;
const UNKNOWN_BLOCK = 6;

/** A PF that knows one block, behind the door of its OIDs. */
class Bench {
  readonly calls: string[] = [];
  readonly written: string[] = [];
  /** Whether the driver answers a write with a promise. */
  isLater = false;
  answer: BlockAnswer | Promise<BlockAnswer> = Uint8Array.of(0x11, 0x22, 0x33, 0x44);
  readonly miniport: PfMiniport = configBlockPf(virtualFunctionsOf(new SriovDevice()), {
    readBlock: (vfId, blockId, length) => {
      this.calls.push(`read ${vfId} ${blockId} ${length}`);
      return blockId === KNOWN_BLOCK ? this.answer : NDIS_STATUS_INVALID_PARAMETER;
    },
    writeBlock: (vfId, blockId, data) => {
      this.calls.push(`write ${vfId} ${blockId}`);
      this.written.push(hex(data));
      const isKnown = blockId === KNOWN_BLOCK;
      const status = isKnown ? NDIS_STATUS_SUCCESS : NDIS_STATUS_INVALID_PARAMETER;
      return this.isLater ? Promise.resolve(status) : status;
    },
    vfAllocated: (vfId, { vmName }) => this.calls.push(`allocated ${vfId} ${vmName}`),
    vfReset: (vfId) => this.calls.push(`reset ${vfId}`),
    vfFreed: (vfId) => this.calls.push(`freed ${vfId}`),
  });

  async issue(
    parameters: OidRequestParameters,
    change: Partial<NdisOidRequest> = {},
  ): Promise<{ readonly status: NdisStatus; readonly request: NdisOidRequest }> {
    const request = newOidRequest(parameters, change);
    return { status: await this.miniport.miniportOidRequest(request), request };
  }

  /** With a switch of two VFs, of which VF 0 is allocated. */
  async ready(): Promise<this> {
    await this.issue(createSwitch(2));
    await this.issue(allocateVf(VF, ORIGIN));
    this.calls.length = 0;
    return this;
  }
}

function read(vfId = 0, blockId = KNOWN_BLOCK, length = 4): OidRequestParameters {
  return readVfConfigBlock(vfId, blockId, length, ORIGIN, 0);
}

function write(vfId = 0, blockId = KNOWN_BLOCK, length = 4): OidRequestParameters {
  return writeVfConfigBlock(vfId, blockId, new Uint8Array(length).fill(0xaa), ORIGIN, 0);
}

/** The same request with another value in a member of its structure. */
function withMember(parameters: OidRequestParameters, offset: number, value: number) {
  const informationBuffer = parameters.informationBuffer.slice();
  new DataView(informationBuffer.buffer).setUint32(offset, value, true);
  return { ...parameters, informationBuffer };
}

const LENGTH = 12;
const BUFFER_OFFSET = 16;

describe('OID_SRIOV_READ_VF_CONFIG_BLOCK at the PF miniport', () => {
  test.each<[string, OidRequestParameters, NdisStatus, number]>([
    [
      'InputBufferLength 19 [pf-oid.read-too-short]',
      { ...read(), inputBufferLength: 19 },
      NDIS_STATUS_INVALID_LENGTH,
      20,
    ],
    [
      'OutputBufferLength below BufferOffset + Length [pf-oid.read-too-short]',
      { ...read(), outputBufferLength: 23 },
      NDIS_STATUS_INVALID_LENGTH,
      24,
    ],
    [
      'OutputBufferLength 0 [contradiction.bytes-needed]',
      { ...read(), outputBufferLength: 0 },
      NDIS_STATUS_INVALID_LENGTH,
      24,
    ],
    [
      'a Length that would wrap 32 bits',
      withMember(read(), LENGTH, 0xffff_fff0),
      NDIS_STATUS_INVALID_LENGTH,
      0xffff_fff0 + 20,
    ],
    [
      'a BufferOffset that would wrap 32 bits [pf-oid.no-wrap]',
      withMember(read(), BUFFER_OFFSET, 0xffff_fffe),
      NDIS_STATUS_INVALID_LENGTH,
      0xffff_fffe + 4,
    ],
    [
      'a BufferOffset inside the structure',
      withMember(read(), BUFFER_OFFSET, 19),
      NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
    [
      'a BufferOffset of 0 [pf-oid.invalid-parameter]',
      withMember(read(), BUFFER_OFFSET, 0),
      NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
    [
      'a VF that is not allocated [read.pf-checks-the-vf] [pf-oid.invalid-parameter]',
      read(1),
      NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
    ['VFId 0xFFFF', read(0xffff), NDIS_STATUS_INVALID_PARAMETER, 0],
    [
      'an unknown block [read.pf-checks-the-block] [pf-oid.invalid-parameter]',
      read(0, 6),
      NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
    [
      'no header',
      { ...read(), informationBuffer: new Uint8Array(24) },
      NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
  ])('with %s fails, BytesNeeded exact', async (_what, parameters, expected, bytesNeeded) => {
    const bench = await new Bench().ready();
    const { status, request } = await bench.issue(parameters);
    expect(status).toBe(expected);
    expect(request).toMatchObject({ bytesNeeded, bytesWritten: 0 });
  });

  test('that the driver fails has its status', async () => {
    const bench = await new Bench().ready();
    bench.answer = Promise.resolve(NDIS_STATUS.NDIS_STATUS_RESET_IN_PROGRESS);
    expect((await bench.issue(read())).status).toBe(NDIS_STATUS.NDIS_STATUS_RESET_IN_PROGRESS);
  });

  test('never succeeds without data [read.success-without-data]', async () => {
    const bench = await new Bench().ready();
    bench.answer = new Uint8Array(0);
    expect((await bench.issue(read())).status).toBe(NDIS_STATUS_FAILURE);
  });

  test.each([false, true])(
    'has its data at BufferOffset, BytesWritten and BytesRead (promise: %s) [pf-oid.success]',
    async (isPromise) => {
      const bench = await new Bench().ready();
      if (isPromise) bench.answer = Promise.resolve(bench.answer);
      const { status, request } = await bench.issue(read());
      expect(status).toBe(NDIS_STATUS_SUCCESS);
      expect(request).toMatchObject({ bytesWritten: 24, bytesRead: 20, bytesNeeded: 0 });
      expect(hex(request.informationBuffer.subarray(20))).toBe('11 22 33 44');
      expect(bench.calls).toEqual(['read 0 5 4']);
    },
  );

  test('of more than the driver gives says how much there is, and of less takes only that', async () => {
    const bench = await new Bench().ready();
    expect((await bench.issue(read(0, KNOWN_BLOCK, 128))).request.bytesWritten).toBe(24);
    const { request } = await bench.issue(read(0, KNOWN_BLOCK, 2));
    expect(request.bytesWritten).toBe(22);
    expect(hex(request.informationBuffer.subarray(20))).toBe('11 22');
  });

  test('puts the data behind a BufferOffset of its issuer [read.data-at-buffer-offset]', async () => {
    const bench = await new Bench().ready();
    const informationBuffer = new Uint8Array(32);
    informationBuffer.set(newConfigBlockBuffer(0, KNOWN_BLOCK, 4).subarray(0, 20));
    const parameters = withMember(
      { ...read(), informationBuffer, outputBufferLength: 32 },
      BUFFER_OFFSET,
      28,
    );
    const { request } = await bench.issue(parameters);
    expect(hex(request.informationBuffer.subarray(20))).toBe('00 00 00 00 00 00 00 00 11 22 33 44');
    expect(request.bytesWritten).toBe(32);
  });
});

describe('OID_SRIOV_WRITE_VF_CONFIG_BLOCK at the PF miniport', () => {
  test.each<[string, OidRequestParameters, NdisStatus, number]>([
    [
      'InformationBufferLength 19',
      { ...write(), inputBufferLength: 19 },
      NDIS_STATUS_INVALID_LENGTH,
      20,
    ],
    [
      'InformationBufferLength below BufferOffset + Length [pf-oid.write-too-short]',
      { ...write(), inputBufferLength: 23 },
      NDIS_STATUS_INVALID_LENGTH,
      24,
    ],
    [
      'a Length that would wrap 32 bits',
      withMember(write(), LENGTH, 0xffff_fff0),
      NDIS_STATUS_INVALID_LENGTH,
      0xffff_fff0 + 20,
    ],
    [
      'a BufferOffset inside the structure',
      withMember(write(), BUFFER_OFFSET, 19),
      NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
    [
      'a VF that is not allocated [write.pf-checks-the-vf]',
      write(1),
      NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
    [
      'no header',
      { ...write(), informationBuffer: new Uint8Array(24) },
      NDIS_STATUS_INVALID_PARAMETER,
      0,
    ],
  ])(
    'with %s fails, BytesNeeded exact, and the driver gets nothing',
    async (_what, parameters, expected, bytesNeeded) => {
      const bench = await new Bench().ready();
      const { status, request } = await bench.issue(parameters);
      expect(status).toBe(expected);
      expect(request.bytesNeeded).toBe(bytesNeeded);
      expect(bench.calls).toEqual([]);
    },
  );

  test.each([true, false])(
    'to an unknown block fails, and reads nothing, when the driver answers later: %s [write.pf-checks-the-block] [write.supported-revision]',
    async (isLater) => {
      const bench = await new Bench().ready();
      bench.isLater = isLater;
      const { status, request } = await bench.issue(write(0, UNKNOWN_BLOCK));
      expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
      expect(request).toMatchObject({ bytesRead: 0, supportedRevision: 0 });
      const known = await bench.issue(write());
      expect(known.request).toMatchObject({ bytesRead: 24, supportedRevision: 1 });
    },
  );

  test('gives the driver a copy of the data, BytesRead and SupportedRevision 1 [write.supported-revision] [write.data-at-buffer-offset] [pf-oid.success]', async () => {
    const bench = await new Bench().ready();
    const { status, request } = await bench.issue(write(0, KNOWN_BLOCK, 3));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesRead: 23, supportedRevision: 1 });
    expect(bench.written).toEqual(['AA AA AA']);
  });
});

describe('the NIC switch of a PF miniport', () => {
  test.each([
    [
      "OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, which is a VF's",
      OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK,
    ],
    ['an OID without a name here', 0x0001024a],
  ])(
    'answers %s with NDIS_STATUS_NOT_SUPPORTED [oids.unknown] [pf-oid.not-supported]',
    async (_what, oid) => {
      const bench = await new Bench().ready();
      expect((await bench.issue({ ...resetVf(0, ORIGIN), oid })).status).toBe(
        NDIS_STATUS_NOT_SUPPORTED,
      );
    },
  );

  test('is created once [bring-up.create-switch]', async () => {
    const bench = new Bench();
    expect((await bench.issue(createSwitch(2))).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(createSwitch(2))).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('allocates no VF before it was created, and no more than NumVFs [bring-up.num-vfs]', async () => {
    const bench = new Bench();
    expect((await bench.issue(allocateVf(VF, ORIGIN))).status).toBe(NDIS_STATUS_RESOURCES);
    await bench.ready();
    expect((await bench.issue(allocateVf(VF, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(allocateVf(VF, ORIGIN))).status).toBe(NDIS_STATUS_RESOURCES);
  });

  test('gives out zero-based VFIds with RIDs of their own, and the lowest free one again [bring-up.pf-gives-the-vfid]', async () => {
    const bench = await new Bench().ready();
    const answerOf = async () =>
      parseVfParameters((await bench.issue(allocateVf(VF, ORIGIN))).request.informationBuffer);
    expect(await answerOf()).toMatchObject({ vfId: 1, requestorId: 0x0001_0002 });
    await bench.issue(freeVf(0, ORIGIN));
    expect(await answerOf()).toMatchObject({ vfId: 0, requestorId: 0x0001_0001 });
    expect(bench.calls).toEqual(['allocated 1 g1', 'freed 0', 'allocated 0 g1']);
  });

  test('frees and resets only a VF that is allocated [contradiction.free-vf-status]', async () => {
    const bench = await new Bench().ready();
    for (const vfId of [1, 0xffff]) {
      expect((await bench.issue(freeVf(vfId, ORIGIN))).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
      expect((await bench.issue(resetVf(vfId, ORIGIN))).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    }
    expect((await bench.issue(resetVf(0, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect((await bench.issue(read())).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(bench.calls).toEqual(['reset 0', 'freed 0']);
  });

  test('says SupportedRevision 1 of each set request that succeeds, and of no other [write.supported-revision]', async () => {
    const bench = await new Bench().ready();
    const revisionOf = async (parameters: OidRequestParameters): Promise<number> =>
      (await bench.issue(parameters)).request.supportedRevision;
    expect(await revisionOf(resetVf(1, ORIGIN))).toBe(0);
    expect(await revisionOf(write(0, UNKNOWN_BLOCK))).toBe(0);
    expect(await revisionOf(deleteSwitch())).toBe(0);
    expect(await revisionOf(resetVf(0, ORIGIN))).toBe(1);
    expect(await revisionOf(write())).toBe(1);
    expect(await revisionOf(freeVf(0, ORIGIN))).toBe(1);
    expect(await revisionOf(deleteSwitch())).toBe(1);
  });

  test('is deleted once, and not while a VF is allocated', async () => {
    const bench = await new Bench().ready();
    expect((await bench.issue(deleteSwitch())).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    await bench.issue(freeVf(0, ORIGIN));
    expect((await bench.issue(deleteSwitch())).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(deleteSwitch())).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('a driver whose vfAllocated throws has no VF', async () => {
    const miniport = configBlockPf(virtualFunctionsOf(new SriovDevice()), {
      readBlock: () => NDIS_STATUS_FAILURE,
      writeBlock: () => NDIS_STATUS_FAILURE,
      vfAllocated: () => {
        throw new Error('broken');
      },
    });
    await miniport.miniportOidRequest(newOidRequest(createSwitch(2)));
    expect(() => miniport.miniportOidRequest(newOidRequest(allocateVf(VF, ORIGIN)))).toThrow(
      'broken',
    );
    expect(await miniport.miniportOidRequest(newOidRequest(resetVf(0, ORIGIN)))).toBe(
      NDIS_STATUS_INVALID_PARAMETER,
    );
  });

  test('says under which ids guests see a VF, and ids that no vendor has when the driver does not', async () => {
    const without = await (await new Bench().ready()).issue(vendorDeviceId(0, ORIGIN));
    expect(without.status).toBe(NDIS_STATUS_SUCCESS);
    expect(hex(without.request.informationBuffer)).toBe('80 01 0A 00 00 00 FF FF FF FF');
    const miniport = configBlockPf(virtualFunctionsOf(new SriovDevice()), {
      readBlock: () => NDIS_STATUS_FAILURE,
      writeBlock: () => NDIS_STATUS_FAILURE,
      vendorDeviceId: { vendorId: 0x15b3, deviceId: 0x1016 },
    });
    await miniport.miniportOidRequest(newOidRequest(createSwitch(2)));
    await miniport.miniportOidRequest(newOidRequest(allocateVf(VF, ORIGIN)));
    const request = newOidRequest(vendorDeviceId(0, ORIGIN));
    expect(await miniport.miniportOidRequest(request)).toBe(NDIS_STATUS_SUCCESS);
    expect(hex(request.informationBuffer)).toBe('80 01 0A 00 00 00 B3 15 16 10');
    const unallocated = newOidRequest(vendorDeviceId(1, ORIGIN));
    expect(await miniport.miniportOidRequest(unallocated)).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });
});

describe('the report of a PF miniport', () => {
  test('is there only when its driver has one', () => {
    const adapter = virtualFunctionsOf(new SriovDevice());
    const driver = { readBlock: () => NDIS_STATUS_FAILURE, writeBlock: () => NDIS_STATUS_FAILURE };
    expect(configBlockPf(adapter, driver).reportVf).toBeUndefined();
    const report = { blocks: [{ blockId: 0, name: 'control' }], details: { link: 'up' } };
    expect(configBlockPf(adapter, { ...driver, reportVf: () => report }).reportVf?.(0)).toEqual(
      report,
    );
  });
});
