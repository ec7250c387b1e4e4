import { describe, expect, test } from 'vitest';
import { newVPortInfoQuery, parseVPortInfoArray } from '#host/ndis/vport-info.ts';
import {
  newVPortParameters,
  parseVPortParameters,
  setVPortId,
} from '#host/ndis/vport-parameters.ts';
import {
  createSwitch,
  createVPort,
  deleteSwitch,
  deleteVPort,
  moveFilter,
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
import { ORIGIN, PfNdisBench } from '#test/support/pf-ndis-bench.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_INVALID_PARAMETER,
  NDIS_STATUS_INVALID_LENGTH,
  NDIS_STATUS_NOT_SUPPORTED,
} = NDIS_STATUS;

const { OID_NIC_SWITCH_VPORT_PARAMETERS, OID_NIC_SWITCH_ENUM_VPORTS } = OID;
const NAME_CHANGED = 0x0002_0000;

/** NDIS_NIC_SWITCH_VPORT_PARAMETERS of a request that names a VPort. */
function vportBuffer(vportId: number, name = '', flags = 0): Uint8Array {
  const buffer = newVPortParameters({ name, attachedFunctionId: 0 });
  setVPortId(buffer, vportId);
  new DataView(buffer.buffer).setUint32(4, flags, true);
  return buffer;
}

const vportParameters = (vportId: number): OidRequestParameters =>
  methodRequest(OID_NIC_SWITCH_VPORT_PARAMETERS, vportBuffer(vportId));
const enumVPorts = (size = 4000): OidRequestParameters =>
  methodRequest(OID_NIC_SWITCH_ENUM_VPORTS, newVPortInfoQuery(size));

/** A request with another value of 16 bits somewhere in its structure. */
function withMember(parameters: OidRequestParameters, offset: number, value: number) {
  new DataView(parameters.informationBuffer.buffer).setUint16(offset, value, true);
  return parameters;
}

/** Two VFs, of which VF 1 has VPort 1; the PF miniport was asked for nothing since. */
async function oneVPort(): Promise<PfNdisBench> {
  const bench = await PfNdisBench.withVfs(2);
  await bench.issue(createVPort({ name: 'g1/0', attachedFunctionId: 1 }, ORIGIN));
  bench.pf.oids.length = 0;
  return bench;
}

async function nameOfVPort(bench: PfNdisBench, vportId: number): Promise<string | undefined> {
  const { request } = await bench.issue(vportParameters(vportId));
  return parseVPortParameters(request.informationBuffer)?.name;
}

async function vports(bench: PfNdisBench, request = enumVPorts()) {
  const { informationBuffer } = (await bench.issue(request)).request;
  return parseVPortInfoArray(informationBuffer);
}

describe('what NDIS is asked of the VPorts, and refuses', () => {
  test.each<[string, OidRequestParameters, number]>([
    [
      'OID_NIC_SWITCH_VPORT_PARAMETERS, out',
      { ...vportParameters(1), outputBufferLength: 571 },
      572,
    ],
    ['OID_NIC_SWITCH_VPORT_PARAMETERS, in', { ...vportParameters(1), inputBufferLength: 571 }, 572],
    ['OID_NIC_SWITCH_ENUM_VPORTS, out', enumVPorts(32 + 2 * 576 - 1), 1184],
    ['OID_NIC_SWITCH_ENUM_VPORTS with room for the array alone', enumVPorts(28), 1184],
    ['OID_NIC_SWITCH_ENUM_VPORTS, in', { ...enumVPorts(), inputBufferLength: 27 }, 1184],
  ])(
    '%s too short: NDIS_STATUS_INVALID_LENGTH, nothing written, and BytesNeeded [oids.ndis-answers-length]',
    async (_what, parameters, bytesNeeded) => {
      const bench = await oneVPort();
      const before = parameters.informationBuffer.slice();
      const { status, request } = await bench.issue(parameters);
      expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(request).toMatchObject({ bytesNeeded, bytesWritten: 0, bytesRead: 0 });
      expect(request.informationBuffer).toEqual(before);
    },
  );

  test.each<[string, OidRequestParameters]>([
    ['OID_NIC_SWITCH_VPORT_PARAMETERS of no VPort', vportParameters(2)],
    ['OID_NIC_SWITCH_VPORT_PARAMETERS of another switch', withMember(vportParameters(1), 8, 1)],
    ['OID_NIC_SWITCH_VPORT_PARAMETERS without a header', withMember(vportParameters(1), 0, 0)],
    ['OID_NIC_SWITCH_ENUM_VPORTS without a header', withMember(enumVPorts(), 0, 0)],
    [
      'OID_NIC_SWITCH_ENUM_VPORTS of a function and of a switch [oids.enum-vports-selects]',
      withMember(enumVPorts(), 4, 3),
    ],
    ['OID_NIC_SWITCH_ENUM_VPORTS with an unknown flag', withMember(enumVPorts(), 4, 4)],
    [
      'OID_NIC_SWITCH_ENUM_VPORTS of another switch [oids.enum-vports-selects]',
      withMember(withMember(enumVPorts(), 4, 2), 8, 1),
    ],
    [
      'OID_NIC_SWITCH_ENUM_VPORTS of a VF that is not allocated [oids.enum-vports-selects]',
      withMember(withMember(enumVPorts(), 4, 1), 12, 2),
    ],
  ])('%s: NDIS_STATUS_INVALID_PARAMETER', async (_what, parameters) => {
    const { status, request } = await (await oneVPort()).issue(parameters);
    expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(request).toMatchObject({ bytesNeeded: 0, bytesWritten: 0, bytesRead: 0 });
  });

  test('OID_NIC_SWITCH_VPORT_PARAMETERS while there is no switch: NDIS_STATUS_INVALID_PARAMETER', async () => {
    const bench = new PfNdisBench();
    const statusOf = async () => (await bench.issue(vportParameters(0))).status;
    expect(await statusOf()).toBe(NDIS_STATUS_INVALID_PARAMETER);
    await bench.issue(createSwitch(1));
    expect(await statusOf()).toBe(NDIS_STATUS_SUCCESS);
    await bench.issue(deleteSwitch());
    expect(await statusOf()).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test.each<[string, OidRequestParameters]>([
    [
      'a query of OID_NIC_SWITCH_VPORT_PARAMETERS [oids.vport-parameters]',
      queryRequest(OID_NIC_SWITCH_VPORT_PARAMETERS, vportBuffer(1)),
    ],
    [
      'a set of OID_NIC_SWITCH_ENUM_VPORTS',
      setRequest(OID_NIC_SWITCH_ENUM_VPORTS, newVPortInfoQuery()),
    ],
  ])(
    '%s: NDIS_STATUS_NOT_SUPPORTED, and the PF miniport is not asked',
    async (_what, parameters) => {
      const bench = await oneVPort();
      expect((await bench.issue(parameters)).status).toBe(NDIS_STATUS_NOT_SUPPORTED);
      expect(bench.pf.oids).toEqual([]);
    },
  );
});

describe('OID_NIC_SWITCH_ENUM_VPORTS', () => {
  test('before there is a switch: NumElements 0 [oids.enum-vports] [layout.vport-info-array]', async () => {
    const bench = new PfNdisBench();
    const { status, request } = await bench.issue(enumVPorts(28));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 28, bytesRead: 28 });
    expect(hex(request.informationBuffer)).toBe(
      '80 01 1C 00 00 00 00 00 00 00 00 00 00 00 00 00 20 00 00 00 00 00 00 00 40 02 00 00',
    );
  });

  test('the default VPort and that of a VF, by VPortId, without asking the PF miniport [oids.enum-vports] [layout.vport-info-array] [layout.vport-info] [layout.vport-info-first-element]', async () => {
    const bench = await oneVPort();
    const { status, request } = await bench.issue(enumVPorts(1200));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 32 + 2 * 576, bytesRead: 28 });
    const answer = request.informationBuffer;
    expect(hex(answer.subarray(16, 48))).toBe(
      '20 00 00 00 02 00 00 00 40 02 00 00 00 00 00 00 ' +
        '80 01 40 02 00 00 00 00 00 00 00 00 00 00 00 00',
    );
    const ofVf = answer.subarray(32 + 576);
    expect(hex(ofVf.subarray(0, 26))).toBe(
      '80 01 40 02 01 00 00 00 00 00 00 00 00 00 00 00 08 00 67 00 31 00 2F 00 30 00',
    );
    // AttachedFunctionId, NumQueuePairs, InterruptModeration and VPortState.
    expect(hex(ofVf.subarray(532, 548))).toBe('01 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00');
    expect(hex(ofVf.subarray(568, 576))).toBe('00 00 00 00 00 00 00 00');
    expect(bench.pf.oids).toEqual([]);
  });

  test.each([
    ['the PF [oids.enum-vports-selects]', 1, 0xffff, [0]],
    ['a VF with a VPort [oids.enum-vports-selects]', 1, 1, [1]],
    ['a VF without one', 1, 0, []],
    ['the default switch, whatever the function [oids.enum-vports-selects]', 2, 7, [0, 1]],
    ['nothing in particular, whatever the function', 0, 7, [0, 1]],
  ])('of %s', async (_what, flags, functionId, expected) => {
    const request = withMember(withMember(enumVPorts(), 4, flags), 12, functionId);
    const found = await vports(await oneVPort(), request);
    expect(found?.map(({ vportId }) => vportId)).toEqual(expected);
  });

  test('without any, whatever the switch, ignores SwitchId', async () => {
    expect(await vports(await oneVPort(), withMember(enumVPorts(), 8, 5))).toHaveLength(2);
  });

  test('counts the filters that were moved to a VPort, and only those that the PF has moved', async () => {
    const bench = await oneVPort();
    const move = { sourceVPortId: 0, destVPortId: 1 };
    await bench.issue(moveFilter({ ...move, filterId: 1 }, ORIGIN));
    await bench.issue(moveFilter({ ...move, filterId: 2 }, ORIGIN));
    expect((await vports(bench))?.map(({ numFilters }) => numFilters)).toEqual([0, 2]);
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    await bench.issue(moveFilter({ ...move, filterId: 3 }, ORIGIN));
    expect((await vports(bench))?.at(1)?.numFilters).toBe(2);
  });

  test('a VPort that was deleted is gone, and one that the PF refused never came', async () => {
    const bench = await oneVPort();
    await bench.issue(deleteVPort(1, ORIGIN));
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    await bench.issue(createVPort({ name: '', attachedFunctionId: 0 }, ORIGIN));
    expect((await vports(bench))?.map(({ vportId }) => vportId)).toEqual([0]);
  });

  test('an array that says more than is there is not read', async () => {
    const { request } = await (await oneVPort()).issue(enumVPorts(1184));
    const answer = request.informationBuffer;
    expect(parseVPortInfoArray(answer.subarray(0, 1183))).toBeUndefined();
    expect(parseVPortInfoArray(answer.subarray(0, 27))).toBeUndefined();
    answer[25] = 1;
    expect(parseVPortInfoArray(answer)).toBeUndefined();
  });
});

describe('OID_NIC_SWITCH_VPORT_PARAMETERS', () => {
  test('is answered with what the VPort was created with [oids.vport-parameters]', async () => {
    const bench = await oneVPort();
    const { status, request } = await bench.issue(vportParameters(1));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request).toMatchObject({ bytesWritten: 572, bytesRead: 572 });
    expect(parseVPortParameters(request.informationBuffer)).toEqual({
      flags: 0,
      switchId: 0,
      vportId: 1,
      name: 'g1/0',
      attachedFunctionId: 1,
      numQueuePairs: 1,
      interruptModeration: 0,
      vportState: 1,
    });
    expect(bench.pf.oids).toEqual([]);
  });

  test('as a set request goes to the PF miniport, and changes the answer once it has succeeded [oids.vport-parameters] [oids.vport-parameters-set]', async () => {
    const bench = await oneVPort();
    const rename = () =>
      setRequest(OID_NIC_SWITCH_VPORT_PARAMETERS, vportBuffer(1, 'web', NAME_CHANGED));
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    expect((await bench.issue(rename())).status).toBe(NDIS_STATUS_FAILURE);
    expect(await nameOfVPort(bench, 1)).toBe('g1/0');
    bench.pf.intercept = () => undefined;
    expect((await bench.issue(rename())).status).toBe(NDIS_STATUS_SUCCESS);
    expect(await nameOfVPort(bench, 1)).toBe('web');
    expect(bench.pf.oids).toEqual(Array(2).fill('OID_NIC_SWITCH_VPORT_PARAMETERS'));
  });

  test('keeps every member that a set request does not name [oids.vport-parameters-set]', async () => {
    const bench = await oneVPort();
    const buffer = vportBuffer(1, 'web', 0);
    await bench.issue(setRequest(OID_NIC_SWITCH_VPORT_PARAMETERS, buffer));
    expect(await nameOfVPort(bench, 1)).toBe('g1/0');
  });
});
