import { describe, expect, test } from 'vitest';
import { NDIS_INVALID_SWITCH_ID } from '#host/ndis/function-id.ts';
import { newNicSwitchInfoArray } from '#host/ndis/nic-switch-info.ts';
import { newVfInfoQuery, parseVfInfoArray } from '#host/ndis/vf-info.ts';
import { newVfParameters, parseVfParameters, setVfId } from '#host/ndis/vf-parameters.ts';
import {
  allocateVf,
  createSwitch,
  deleteSwitch,
  freeVf,
  resetVf,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import {
  methodRequest,
  type OidRequestParameters,
  queryRequest,
  setRequest,
} from '#shared/ndis/oid-request.ts';
import { hex } from '#test/support/hex.ts';
import { ORIGIN, PfNdisBench, VF } from '#test/support/pf-ndis-bench.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_INVALID_PARAMETER,
  NDIS_STATUS_INVALID_LENGTH,
  NDIS_STATUS_NOT_SUPPORTED,
} = NDIS_STATUS;

const enumSwitches = (size: number): OidRequestParameters =>
  queryRequest(OID.OID_NIC_SWITCH_ENUM_SWITCHES, new Uint8Array(size).fill(0xee));
const pfLuid = (size: number): OidRequestParameters =>
  queryRequest(OID.OID_SRIOV_PF_LUID, new Uint8Array(size).fill(0xee));
const enumVfs = (size: number): OidRequestParameters =>
  methodRequest(OID.OID_NIC_SWITCH_ENUM_VFS, newVfInfoQuery(size));

function vfParameters(vfId: number): OidRequestParameters {
  const buffer = newVfParameters(VF);
  setVfId(buffer, vfId, 0);
  return methodRequest(OID.OID_NIC_SWITCH_VF_PARAMETERS, buffer);
}

/** A request with another value of 32 bits somewhere in its structure. */
function withMember(parameters: OidRequestParameters, offset: number, value: number) {
  new DataView(parameters.informationBuffer.buffer).setUint32(offset, value, true);
  return parameters;
}

/** A bench whose PF has two VFs, and was asked for nothing since. */
async function twoVfs(): Promise<PfNdisBench> {
  const bench = await new PfNdisBench().allocated();
  await bench.issue(allocateVf({ ...VF, vmName: 'g2', nicName: 'g2--0' }, ORIGIN));
  bench.pf.oids.length = 0;
  return bench;
}

describe('a buffer too short for what NDIS answers', () => {
  test.each<[string, OidRequestParameters, number]>([
    ['OID_NIC_SWITCH_ENUM_SWITCHES', enumSwitches(587), 588],
    ['OID_NIC_SWITCH_ENUM_SWITCHES without a buffer', enumSwitches(0), 588],
    ['OID_NIC_SWITCH_ENUM_VFS', enumVfs(24 + 2 * 1632 - 1), 3288],
    ['OID_NIC_SWITCH_ENUM_VFS with room for the array alone', enumVfs(24), 3288],
    [
      'OID_NIC_SWITCH_ENUM_VFS whose input is short',
      { ...enumVfs(4000), inputBufferLength: 23 },
      3288,
    ],
    ['OID_NIC_SWITCH_VF_PARAMETERS', { ...vfParameters(0), outputBufferLength: 1631 }, 1632],
    [
      'OID_NIC_SWITCH_VF_PARAMETERS whose input is short',
      { ...vfParameters(0), inputBufferLength: 1631 },
      1632,
    ],
    ['OID_SRIOV_PF_LUID', pfLuid(11), 12],
    [
      'OID_SRIOV_PF_LUID, shorter than its length says',
      { ...pfLuid(11), outputBufferLength: 12 },
      12,
    ],
  ])(
    '%s: NDIS_STATUS_INVALID_LENGTH, nothing written, and BytesNeeded [oids.ndis-answers-length]',
    async (_what, parameters, bytesNeeded) => {
      const bench = await twoVfs();
      const before = parameters.informationBuffer.slice();
      const { status, request } = await bench.issue(parameters);
      expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(request).toMatchObject({ bytesNeeded, bytesWritten: 0, bytesRead: 0 });
      expect(request.informationBuffer).toEqual(before);
    },
  );
});

describe('what NDIS refuses of the OIDs that it answers', () => {
  test.each<[string, OidRequestParameters]>([
    ['OID_NIC_SWITCH_ENUM_VFS of another switch', withMember(enumVfs(4000), 8, 1)],
    ['OID_NIC_SWITCH_ENUM_VFS of no switch', withMember(enumVfs(4000), 8, NDIS_INVALID_SWITCH_ID)],
    ['OID_NIC_SWITCH_ENUM_VFS with an unknown flag', withMember(enumVfs(4000), 4, 2)],
    ['OID_NIC_SWITCH_ENUM_VFS without a header', withMember(enumVfs(4000), 0, 0)],
    ['OID_NIC_SWITCH_VF_PARAMETERS of a VF that is not allocated', vfParameters(2)],
    ['OID_NIC_SWITCH_VF_PARAMETERS of VFId 0xFFFF', vfParameters(0xffff)],
    ['OID_NIC_SWITCH_VF_PARAMETERS without a header', withMember(vfParameters(0), 0, 0)],
  ])('%s: NDIS_STATUS_INVALID_PARAMETER', async (_what, parameters) => {
    const bench = await twoVfs();
    const { status, request } = await bench.issue(parameters);
    expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(request).toMatchObject({ bytesNeeded: 0, bytesWritten: 0, bytesRead: 0 });
  });

  test.each<[string, OidRequestParameters]>([
    ['a set of OID_SRIOV_PF_LUID', setRequest(OID.OID_SRIOV_PF_LUID, new Uint8Array(12))],
    [
      'a query of OID_NIC_SWITCH_ENUM_VFS',
      queryRequest(OID.OID_NIC_SWITCH_ENUM_VFS, newVfInfoQuery(4000)),
    ],
    [
      'a method of OID_NIC_SWITCH_ENUM_SWITCHES',
      methodRequest(OID.OID_NIC_SWITCH_ENUM_SWITCHES, new Uint8Array(588)),
    ],
    [
      'OID_SRIOV_VF_SERIAL_NUMBER of a PF',
      queryRequest(OID.OID_SRIOV_VF_SERIAL_NUMBER, new Uint8Array(8)),
    ],
  ])(
    '%s: NDIS_STATUS_NOT_SUPPORTED, and the PF miniport is not asked [oids.ndis-answers-request-type] [contradiction.oid-table]',
    async (_what, parameters) => {
      const bench = await twoVfs();
      expect((await bench.issue(parameters)).status).toBe(NDIS_STATUS_NOT_SUPPORTED);
      expect(bench.pf.oids).toEqual([]);
    },
  );
});

describe('OID_NIC_SWITCH_ENUM_SWITCHES', () => {
  test('before there is a switch, and after: an array of none [oids.enum-switches]', async () => {
    const bench = new PfNdisBench();
    const none = '80 01 10 00 10 00 00 00 00 00 00 00 3C 02 00 00';
    const before = await bench.issue(enumSwitches(16));
    expect(before.status).toBe(NDIS_STATUS_SUCCESS);
    expect(before.request.bytesWritten).toBe(16);
    expect(hex(before.request.informationBuffer)).toBe(none);
    await bench.issue(createSwitch(4));
    await bench.issue(deleteSwitch());
    expect(hex((await bench.issue(enumSwitches(16))).request.informationBuffer)).toBe(none);
  });

  test('a switch that the PF refused is none', async () => {
    const bench = new PfNdisBench();
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    await bench.issue(createSwitch(4));
    expect((await bench.issue(enumSwitches(16))).status).toBe(NDIS_STATUS_SUCCESS);
  });

  test('the default switch, with what it was created with and how many VFs are allocated [oids.enum-switches] [layout.nic-switch-info] [layout.nic-switch-info-array] [oids.switch-info-numbers]', async () => {
    const bench = await twoVfs();
    const { status, request } = await bench.issue(enumSwitches(600));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request.bytesWritten).toBe(16 + 572);
    const answer = request.informationBuffer;
    expect(hex(answer.subarray(0, 40))).toBe(
      '80 01 10 00 10 00 00 00 01 00 00 00 3C 02 00 00 ' +
        '80 01 3C 02 00 00 00 00 01 00 00 00 00 00 00 00 24 00 44 00 65 00 66 00',
    );
    // NumVFs, NumAllocatedVFs, NumVPorts, NumActiveVPorts, and the queue pairs of both kinds.
    expect(hex(answer.subarray(16 + 532, 16 + 556))).toBe(
      '04 00 00 00 02 00 00 00 05 00 00 00 01 00 00 00 01 00 00 00 00 00 00 00',
    );
    expect(hex(answer.subarray(16 + 556, 16 + 572))).toBe('00 '.repeat(16).trim());
    expect(hex(answer.subarray(588))).toBe('EE '.repeat(12).trim());
    expect(bench.pf.oids).toEqual([]);
  });

  test('an array of two has the second behind the first', () => {
    const array = newNicSwitchInfoArray([new Uint8Array(572).fill(1), new Uint8Array(572).fill(2)]);
    expect(array.byteLength).toBe(16 + 2 * 572);
    expect([array[8], array[16], array[16 + 571], array[16 + 572]]).toEqual([2, 1, 1, 2]);
  });
});

describe('OID_NIC_SWITCH_ENUM_VFS', () => {
  test('of a switch without VFs: NumElements 0 [oids.enum-vfs] [layout.vf-info-array]', async () => {
    const bench = new PfNdisBench();
    await bench.issue(createSwitch(4));
    const { status, request } = await bench.issue(enumVfs(24));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 24, bytesRead: 24 });
    expect(hex(request.informationBuffer)).toBe(
      '80 01 18 00 00 00 00 00 00 00 00 00 18 00 00 00 00 00 00 00 60 06 00 00',
    );
  });

  test.each([
    ['all', 0],
    ['those of the default switch', 1],
  ])(
    '%s: each allocated VF as the PF completed it, by VFId [oids.enum-vfs] [layout.vf-info-array] [layout.vf-info]',
    async (_what, flags) => {
      const bench = await twoVfs();
      const { status, request } = await bench.issue(withMember(enumVfs(3300), 4, flags));
      expect(status).toBe(NDIS_STATUS_SUCCESS);
      expect(request).toMatchObject({ bytesWritten: 24 + 2 * 1632, bytesRead: 24 });
      const answer = request.informationBuffer;
      expect(hex(answer.subarray(0, 28))).toBe(
        `80 01 18 00 0${flags} 00 00 00 00 00 00 00 18 00 00 00 02 00 00 00 60 06 00 00 80 01 60 06`,
      );
      expect(parseVfInfoArray(answer)).toMatchObject([
        { vfId: 0, requestorId: 0x0001_0001, vmName: 'g1', nicName: 'g1--0' },
        { vfId: 1, requestorId: 0x0001_0002, vmName: 'g2', nicName: 'g2--0' },
      ]);
      expect(bench.pf.oids).toEqual([]);
    },
  );

  test('a VF that was freed is gone, and one that the PF refused never came', async () => {
    const bench = await twoVfs();
    await bench.issue(freeVf(0, ORIGIN));
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    await bench.issue(allocateVf(VF, ORIGIN));
    await bench.issue(freeVf(1, ORIGIN));
    const { request } = await bench.issue(enumVfs(1700));
    expect(parseVfInfoArray(request.informationBuffer)?.map(({ vfId }) => vfId)).toEqual([1]);
  });

  test('an array that says more than is there is not read', async () => {
    const { request } = await (await twoVfs()).issue(enumVfs(3288));
    const answer = request.informationBuffer;
    expect(parseVfInfoArray(answer.subarray(0, 3287))).toBeUndefined();
    expect(parseVfInfoArray(answer.subarray(0, 23))).toBeUndefined();
    answer[20] = 0;
    expect(parseVfInfoArray(answer)).toBeUndefined();
  });
});

describe('OID_NIC_SWITCH_VF_PARAMETERS', () => {
  test('answers what the PF completed OID_NIC_SWITCH_ALLOCATE_VF with [oids.vf-parameters] [contradiction.oid-table]', async () => {
    const bench = await twoVfs();
    const { status, request } = await bench.issue(vfParameters(1));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 1632, bytesRead: 1632 });
    expect(parseVfParameters(request.informationBuffer)).toMatchObject({
      vfId: 1,
      requestorId: 0x0001_0002,
      vmName: 'g2',
    });
    expect(bench.pf.oids).toEqual([]);
  });

  test('what the issuer does to its buffer afterwards changes no later answer', async () => {
    const bench = await twoVfs();
    const first = await bench.issue(vfParameters(1));
    const answered = first.request.informationBuffer.slice();
    first.request.informationBuffer.fill(0);
    for (const request of bench.pf.requests) request.informationBuffer.fill(0);
    expect((await bench.issue(vfParameters(1))).request.informationBuffer).toEqual(answered);
  });
});

describe('an answer of NDIS', () => {
  test('does not wait for a request that the PF miniport holds [oids.ndis-answers-do-not-wait]', async () => {
    const bench = await twoVfs();
    bench.pf.leavePending(OID.OID_SRIOV_RESET_VF);
    const held = bench.issue(resetVf(0, ORIGIN));
    const { status } = await bench.issue(pfLuid(12));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    bench.pf.complete(bench.pf.last(OID.OID_SRIOV_RESET_VF), NDIS_STATUS_SUCCESS);
    await held;
  });

  test('is traced up to NDIS, and not at the PF miniport', async () => {
    const bench = await twoVfs();
    bench.events.length = 0;
    await bench.issue(pfLuid(12));
    expect(bench.events).toMatchObject([
      { hop: 'oidRequest', name: 'OID_SRIOV_PF_LUID' },
      { hop: 'oidRequestComplete', name: 'OID_SRIOV_PF_LUID', status: 0 },
    ]);
  });
});
