import { describe, expect, test } from 'vitest';
import { memoryOfBarResources } from '#host/ndis/bar-structures.ts';
import type { PfMiniport } from '#host/ndis/pf-miniport.ts';
import { type PfVirtualFunctions, virtualFunctionsOf } from '#host/ndis/pf-virtual-functions.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import {
  barResources,
  probedBars,
  readVfConfigSpace,
  writeVfConfigSpace,
} from '#host/virtualization-stack/config-space-oids.ts';
import { allocateVf, createSwitch, freeVf, resetVf } from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { hex } from '#test/support/hex.ts';
import { PfNdisBench } from '#test/support/pf-ndis-bench.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_INVALID_PARAMETER,
  NDIS_STATUS_INVALID_LENGTH,
} = NDIS_STATUS;

const ORIGIN = { device: 'g1/0', generation: 1 };
const VF = {
  vmName: 'g1',
  vmFriendlyName: 'g1',
  nicName: 'g1--0',
  permanentMacAddress: new Uint8Array(6),
  currentMacAddress: new Uint8Array(6),
};

/** A PF with a switch of two VFs, of which VF 0 is allocated. */
class Bench {
  readonly device = new SriovDevice();
  readonly miniport: PfMiniport;

  constructor(change: Partial<PfVirtualFunctions> = {}) {
    this.miniport = configBlockPf(
      { ...virtualFunctionsOf(this.device), ...change },
      { readBlock: () => NDIS_STATUS_FAILURE, writeBlock: () => NDIS_STATUS_FAILURE },
    );
    this.#issue(createSwitch(2));
    this.allocate();
  }

  allocate(): void {
    this.#issue(allocateVf(VF, ORIGIN));
  }

  issue(
    parameters: OidRequestParameters,
    change: Partial<NdisOidRequest> = {},
  ): { readonly status: NdisStatus; readonly request: NdisOidRequest } {
    const request = newOidRequest(parameters, change);
    return { status: this.#answer(request), request };
  }

  /** The Command register of VF 0. */
  get command(): string {
    return hex(this.device.read(0, 4, 2) ?? new Uint8Array());
  }

  #issue(parameters: OidRequestParameters): void {
    expect(this.#answer(newOidRequest(parameters))).toBe(NDIS_STATUS_SUCCESS);
  }

  #answer(request: NdisOidRequest): NdisStatus {
    const status = this.miniport.miniportOidRequest(request);
    if (status instanceof Promise) throw new Error('this PF miniport answers at once');
    return status;
  }
}

const read = (vfId = 0, offset = 8, length = 4): OidRequestParameters =>
  readVfConfigSpace(vfId, offset, length, ORIGIN, 0);
const write = (vfId = 0, offset = 4, length = 4): OidRequestParameters =>
  writeVfConfigSpace(vfId, offset, new Uint8Array(length).fill(0xff), ORIGIN, 0);

/** The same request with another ULONG, or another byte, in its structure. */
function forged(parameters: OidRequestParameters, offset: number, value: number) {
  const view = new DataView(parameters.informationBuffer.buffer);
  if (offset < 4) view.setUint8(offset, value);
  else view.setUint32(offset, value, true);
  return parameters;
}

describe.each([
  ['OID_SRIOV_READ_VF_CONFIG_SPACE', read],
  ['OID_SRIOV_WRITE_VF_CONFIG_SPACE', write],
])('%s', (_name, request) => {
  test.each([
    ['a VF that is not allocated', () => request(1)],
    ['VFId 0xFFFF', () => request(0xffff)],
    ['a header of another type', () => forged(request(), 0, 0x81)],
    ['a BufferOffset of 19', () => forged(request(), 16, 19)],
  ])('with %s: NDIS_STATUS_INVALID_PARAMETER [config-space.invalid-parameter]', (_what, make) => {
    const bench = new Bench();
    expect(bench.issue(make()).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(bench.command).toBe('00 00');
  });

  test.each([
    ['from 253 on', 253, 4],
    ['from 256 on', 256, 1],
    ['from 0xFFFFFFFF on', 0xffff_ffff, 1],
    ['of no bytes', 4, 0],
    ['of 257 bytes', 0, 257],
  ])(
    'of a range %s: NDIS_STATUS_INVALID_PARAMETER [config-space.range]',
    (_what, offset, length) => {
      const bench = new Bench();
      expect(bench.issue(request(0, offset, length)).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
      expect(bench.command).toBe('00 00');
    },
  );

  test.each([
    ['a Length that its buffer does not hold', 12, 5, 25],
    ['a BufferOffset that leaves too little room', 16, 21, 25],
    ['a sum of both that wraps at 32 bits', 16, 0xffff_fffc, 0x1_0000_0000],
  ])(
    'with %s: NDIS_STATUS_INVALID_LENGTH, BytesNeeded is their sum [config-space.too-short] [config-space.range]',
    (_what, offset, value, bytesNeeded) => {
      const bench = new Bench();
      const { status, request: failed } = bench.issue(forged(request(), offset, value));
      expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(failed.bytesNeeded).toBe(bytesNeeded);
      expect(bench.command).toBe('00 00');
    },
  );

  test('of 19 bytes is refused by NDIS with NDIS_STATUS_INVALID_LENGTH, BytesNeeded 20 [config-space.too-short]', async () => {
    const bench = await new PfNdisBench().allocated();
    const { status, request: failed } = await bench.issue({ ...request(), inputBufferLength: 19 });
    expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
    expect(failed.bytesNeeded).toBe(20);
    expect(bench.pf.oids).toEqual([]);
    const { status: asked } = new Bench().issue(request(), { inputBufferLength: 19 });
    expect(asked).toBe(NDIS_STATUS_INVALID_LENGTH);
  });

  test('fails with NDIS_STATUS_FAILURE when NDIS moves nothing [config-space.nothing-read]', () => {
    const bench = new Bench({
      ndisMGetVirtualFunctionBusData: () => 0,
      ndisMSetVirtualFunctionBusData: () => 0,
    });
    const { status, request: failed } = bench.issue(request());
    expect(status).toBe(NDIS_STATUS_FAILURE);
    expect(failed).toMatchObject({ bytesWritten: 0, bytesRead: 0, supportedRevision: 0 });
  });

  test('of a VF that was freed is refused', () => {
    const bench = new Bench();
    bench.issue(freeVf(0, ORIGIN));
    expect(bench.issue(request()).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });
});

describe('a read of configuration space', () => {
  test('has its data at BufferOffset, BytesWritten up to its end, BytesRead 20 [config-space.success]', () => {
    const { status, request } = new Bench().issue(read(0, 8, 4));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 24, bytesRead: 20 });
    expect(hex(request.informationBuffer.subarray(20))).toBe('01 00 00 02');
  });

  test('may be of all its 256 bytes, at a BufferOffset of any size', () => {
    const parameters = read(0, 0, 260);
    forged(forged(parameters, 12, 256), 16, 24);
    const { status, request } = new Bench().issue(parameters);
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 280, bytesRead: 20 });
    expect(hex(request.informationBuffer.subarray(20, 28))).toBe('00 00 00 00 FF FF FF FF');
  });
});

describe('a write of configuration space', () => {
  test('is taken from BufferOffset, BytesRead up to its end, SupportedRevision 1 [config-space.success]', () => {
    const bench = new Bench();
    const { status, request } = bench.issue(write(0, 4, 2));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesRead: 22, supportedRevision: 1 });
    expect(bench.command).toBe('04 00');
  });

  test.each([
    ['OID_SRIOV_RESET_VF', (bench: Bench) => bench.issue(resetVf(0, ORIGIN))],
    [
      'another allocation of its VFId',
      (bench: Bench) => {
        bench.issue(freeVf(0, ORIGIN));
        bench.allocate();
      },
    ],
  ])('does not outlive %s [actors.vf-registers]', (_what, end) => {
    const bench = new Bench();
    bench.issue(write());
    expect(bench.command).toBe('04 00');
    end(bench);
    expect(bench.command).toBe('00 00');
  });
});

describe('OID_SRIOV_PROBED_BARS', () => {
  test.each([0, 8, 31])(
    'with a buffer of %i bytes: NDIS_STATUS_INVALID_LENGTH, BytesNeeded 32 [config-space.probed-bars-length]',
    (outputBufferLength) => {
      const { status, request } = new Bench().issue(probedBars(ORIGIN), { outputBufferLength });
      expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(request.bytesNeeded).toBe(32);
    },
  );

  test('with a BaseRegisterValuesOffset behind which there is no room: BytesNeeded is its end', () => {
    const { status, request } = new Bench().issue(forged(probedBars(ORIGIN), 4, 0xffff_fff0));
    expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
    expect(request.bytesNeeded).toBe(0x1_0000_0008);
  });

  test.each([
    ['a BaseRegisterValuesOffset of 7', 4, 7],
    ['a header of another type', 0, 0x81],
  ])('with %s: NDIS_STATUS_INVALID_PARAMETER', (_what, offset, value) => {
    const { status } = new Bench().issue(forged(probedBars(ORIGIN), offset, value));
    expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('fails as NdisMQueryProbedBars does', () => {
    const bench = new Bench({ ndisMQueryProbedBars: () => NDIS_STATUS_FAILURE });
    expect(bench.issue(probedBars(ORIGIN)).status).toBe(NDIS_STATUS_FAILURE);
  });

  test('is answered with the six BARs of a VF, BytesWritten 32 [config-space.probed-bars-length] [actors.probed-bars-are-the-vfs]', () => {
    const { status, request } = new Bench().issue(probedBars(ORIGIN));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request.bytesWritten).toBe(32);
    expect(hex(request.informationBuffer.subarray(8))).toBe(
      '0C C0 FF FF FF FF FF FF 0C F0 FF FF FF FF FF FF 00 00 00 00 00 00 00 00',
    );
  });
});

describe('OID_SRIOV_BAR_RESOURCES', () => {
  test('with an input of 11 bytes: NDIS_STATUS_INVALID_LENGTH, BytesNeeded 32', () => {
    const change = { inputBufferLength: 11 };
    const { status, request } = new Bench().issue(barResources(0, 0, ORIGIN), change);
    expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
    expect(request.bytesNeeded).toBe(32);
  });

  test('with room for 31 bytes: NDIS_STATUS_INVALID_LENGTH, BytesNeeded 32', () => {
    const change = { outputBufferLength: 31 };
    const { status, request } = new Bench().issue(barResources(0, 0, ORIGIN), change);
    expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
    expect(request.bytesNeeded).toBe(32);
  });

  test.each([
    ['a VF that is not allocated', barResources(1, 0, ORIGIN)],
    ['the upper half of a BAR', barResources(0, 1, ORIGIN)],
    ['a BAR that is not there', barResources(0, 4, ORIGIN)],
    ['a BAR of no function', barResources(0, 6, ORIGIN)],
    ['a header of another type', forged(barResources(0, 0, ORIGIN), 0, 0x81)],
    ['a BarResourcesOffset of 11', forged(barResources(0, 0, ORIGIN), 8, 11)],
  ])('with %s: NDIS_STATUS_INVALID_PARAMETER [config-space.bar-resources]', (_what, parameters) => {
    expect(new Bench().issue(parameters).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('is answered with the memory of the BAR, BytesWritten 32, BytesRead 12 [config-space.bar-resources]', () => {
    const { status, request } = new Bench().issue(barResources(0, 2, ORIGIN));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 32, bytesRead: 12 });
    expect(memoryOfBarResources(request.informationBuffer)).toEqual({
      start: 0x102_0000_0000n,
      length: 0x1000,
    });
  });
});
