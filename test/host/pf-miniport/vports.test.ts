import { describe, expect, test } from 'vitest';
import { newNicSwitchParameters } from '#host/ndis/nic-switch-parameters.ts';
import { virtualFunctionsOf } from '#host/ndis/pf-virtual-functions.ts';
import { newVPortParameters, setVPortId } from '#host/ndis/vport-parameters.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { NicSwitch, type NicSwitchDriver } from '#host/pf-miniport/nic-switch.ts';
import {
  allocateVf,
  createSwitch,
  deleteSwitch,
  deleteVPort,
  freeVf,
  moveFilter,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { methodRequest, type OidRequestParameters, setRequest } from '#shared/ndis/oid-request.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_INVALID_PARAMETER, NDIS_STATUS_INVALID_LENGTH } =
  NDIS_STATUS;

const ORIGIN = { device: 'g1/0', generation: 1 };
const PF = 0xffff;
const VF = {
  vmName: 'g1',
  vmFriendlyName: 'g1',
  nicName: 'g1--0',
  permanentMacAddress: new Uint8Array(6),
  currentMacAddress: new Uint8Array(6),
};
const MOVE = { filterId: 7, sourceVPortId: 0, destVPortId: 1 };

/** A NIC switch, and what it tells its driver. */
class Bench {
  readonly told: string[] = [];
  readonly nicSwitch: NicSwitch;

  constructor(driver: NicSwitchDriver = {}) {
    this.nicSwitch = new NicSwitch(virtualFunctionsOf(new SriovDevice()), {
      vportCreated: (vportId, functionId, { name }) =>
        this.told.push(`created ${vportId} of ${functionId} as ${name}`),
      vportChanged: (vportId) => this.told.push(`changed ${vportId}`),
      vportDeleted: (vportId) => this.told.push(`deleted ${vportId}`),
      filterMoved: (filterId, source, dest) =>
        this.told.push(`moved ${filterId} from ${source} to ${dest}`),
      ...driver,
    });
  }

  /** Two VFs, and VPort 1 of VF 0. */
  static withVPort(): Bench {
    const bench = Bench.withVfs();
    expect(bench.create(1, 0)).toBe(NDIS_STATUS_SUCCESS);
    bench.told.length = 0;
    return bench;
  }

  static withVfs(): Bench {
    const bench = new Bench();
    for (const request of [createSwitch(2), allocateVf(VF, ORIGIN), allocateVf(VF, ORIGIN)])
      expect(bench.issue(request)).toBe(NDIS_STATUS_SUCCESS);
    return bench;
  }

  issue(parameters: OidRequestParameters): NdisStatus {
    return this.nicSwitch.oidRequest(newOidRequest(parameters));
  }

  create(vportId: number, attachedFunctionId: number): NdisStatus {
    return this.issue(vport(vportId, attachedFunctionId));
  }
}

/** OID_NIC_SWITCH_CREATE_VPORT as NDIS forwards it: with the VPortId that it chose. */
function vport(vportId: number, attachedFunctionId: number): OidRequestParameters {
  const buffer = newVPortParameters({ name: 'g1/0', attachedFunctionId });
  setVPortId(buffer, vportId);
  return methodRequest(OID.OID_NIC_SWITCH_CREATE_VPORT, buffer);
}

describe('a request of the VPorts that is refused', () => {
  test.each([
    ['OID_NIC_SWITCH_CREATE_VPORT', vport(1, 0), 572],
    ['OID_NIC_SWITCH_DELETE_VPORT', deleteVPort(1, ORIGIN), 12],
    ['OID_RECEIVE_FILTER_MOVE_FILTER', moveFilter(MOVE, ORIGIN), 24],
  ])(
    '%s that is a byte too short: NDIS_STATUS_INVALID_LENGTH, and BytesNeeded',
    (_name, parameters, needed) => {
      const request = newOidRequest(parameters, { inputBufferLength: needed - 1 });
      const { nicSwitch } = Bench.withVPort();
      expect(nicSwitch.oidRequest(request)).toBe(NDIS_STATUS_INVALID_LENGTH);
      expect(request.bytesNeeded).toBe(needed);
    },
  );

  test.each([
    ['OID_NIC_SWITCH_CREATE_VPORT without its structure', vport(2, 1)],
    ['OID_NIC_SWITCH_DELETE_VPORT without its structure', deleteVPort(1, ORIGIN)],
    ['OID_RECEIVE_FILTER_MOVE_FILTER without its structure', moveFilter(MOVE, ORIGIN)],
  ])('%s: NDIS_STATUS_INVALID_PARAMETER', (_what, parameters) => {
    const informationBuffer = new Uint8Array(parameters.informationBuffer.byteLength);
    const status = Bench.withVPort().issue({ ...parameters, informationBuffer });
    expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test.each([
    ['a VPort of a VF that is not allocated', vport(2, 2)],
    ['a second VPort of a VF', vport(2, 0)],
    ['a VPort with the VPortId of another', vport(1, 1)],
    ['a VPort with the VPortId of the default one', vport(0, 1)],
    ['the deletion of the default VPort', deleteVPort(0, ORIGIN)],
    ['the deletion of a VPort that is not there', deleteVPort(2, ORIGIN)],
    [
      'the move of a filter to a VPort that is not there',
      moveFilter({ ...MOVE, destVPortId: 2 }, ORIGIN),
    ],
    [
      'the move of a filter from where it is not',
      moveFilter({ ...MOVE, sourceVPortId: 1, destVPortId: 0 }, ORIGIN),
    ],
    ['the end of a VF with a VPort [teardown.delete-vport]', freeVf(0, ORIGIN)],
  ])('%s: NDIS_STATUS_INVALID_PARAMETER', (_what, parameters) => {
    const bench = Bench.withVPort();
    expect(bench.issue(parameters)).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(bench.told).toEqual([]);
  });

  test('each while there is no switch: NDIS_STATUS_INVALID_PARAMETER', () => {
    const bench = new Bench();
    for (const parameters of [vport(1, PF), deleteVPort(1, ORIGIN), moveFilter(MOVE, ORIGIN)])
      expect(bench.issue(parameters)).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('the end of a switch with a VPort of the PF: NDIS_STATUS_INVALID_PARAMETER', () => {
    const bench = new Bench();
    bench.issue(createSwitch(1));
    expect(bench.create(1, PF)).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.issue(deleteSwitch())).toBe(NDIS_STATUS_INVALID_PARAMETER);
    bench.issue(deleteVPort(1, ORIGIN));
    expect(bench.issue(deleteSwitch())).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.create(1, PF)).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('a VPort that the driver throws at is not there', () => {
    const bench = new Bench({
      vportCreated: () => {
        throw new Error('no queue pair left');
      },
    });
    bench.issue(createSwitch(1));
    expect(() => bench.create(1, PF)).toThrow('no queue pair left');
    expect(bench.issue(deleteSwitch())).toBe(NDIS_STATUS_SUCCESS);
  });
});

describe('a set request of OID_NIC_SWITCH_VPORT_PARAMETERS', () => {
  const [NAME, STATE, AFFINITY, QUEUE_PAIRS] = [0x2_0000, 0x8_0000, 0x10_0000, 0x80_0000];

  function setTo(vportId: number, flags: number, members: Partial<Record<number, number>> = {}) {
    const buffer = vport(vportId, 0).informationBuffer;
    const view = new DataView(buffer.buffer);
    view.setUint32(4, flags, true);
    for (const [offset, value] of Object.entries(members))
      view.setUint32(Number(offset), value ?? 0, true);
    return setRequest(OID.OID_NIC_SWITCH_VPORT_PARAMETERS, buffer);
  }

  test.each([
    ['of a VPort that is not there', setTo(2, NAME)],
    ['of another switch', setTo(1, NAME, { 8: 1 })],
    ['of a member of a later revision', setTo(1, QUEUE_PAIRS)],
    ['that deactivates the VPort of a VF [oids.vport-parameters-set]', setTo(1, STATE, { 544: 2 })],
    ['that deactivates the default VPort [oids.vport-parameters-set]', setTo(0, STATE, { 544: 2 })],
    ['of the processors of the VPort of a VF [oids.vport-parameters-set]', setTo(1, AFFINITY)],
  ])('%s: NDIS_STATUS_INVALID_PARAMETER', (_what, parameters) => {
    const bench = Bench.withVPort();
    expect(bench.issue(parameters)).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(bench.told).toEqual([]);
  });

  test('that is a byte too short: NDIS_STATUS_INVALID_LENGTH, and BytesNeeded', () => {
    const request = newOidRequest(setTo(1, NAME), { inputBufferLength: 571 });
    expect(Bench.withVPort().nicSwitch.oidRequest(request)).toBe(NDIS_STATUS_INVALID_LENGTH);
    expect(request.bytesNeeded).toBe(572);
  });

  test('as a method request, which is not for the PF: NDIS_STATUS_NOT_SUPPORTED', () => {
    const { informationBuffer } = setTo(1, NAME);
    const status = Bench.withVPort().issue(
      methodRequest(OID.OID_NIC_SWITCH_VPORT_PARAMETERS, informationBuffer),
    );
    expect(status).toBe(NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED);
  });

  test('changes what its Flags name, and the driver is told [oids.vport-parameters-set]', () => {
    const bench = Bench.withVPort();
    expect(bench.issue(setTo(1, STATE, { 544: 1 }))).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.issue(setTo(0, AFFINITY, { 552: 3 }))).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.told).toEqual(['changed 1', 'changed 0']);
  });

  test('activates a VPort of the PF, once and for all', () => {
    const bench = Bench.withVPort();
    const buffer = vport(2, PF).informationBuffer;
    new DataView(buffer.buffer).setUint32(544, 2, true);
    expect(bench.issue(methodRequest(OID.OID_NIC_SWITCH_CREATE_VPORT, buffer))).toBe(
      NDIS_STATUS_SUCCESS,
    );
    const statuses = [2, 0, 1, 1, 2].map((state) => bench.issue(setTo(2, STATE, { 544: state })));
    expect(statuses).toEqual([
      NDIS_STATUS_SUCCESS,
      NDIS_STATUS_INVALID_PARAMETER,
      NDIS_STATUS_SUCCESS,
      NDIS_STATUS_SUCCESS,
      NDIS_STATUS_INVALID_PARAMETER,
    ]);
  });
});

describe('a set request of OID_NIC_SWITCH_PARAMETERS', () => {
  function setTo(offset: number, value: number) {
    const buffer = newNicSwitchParameters('uplink', 0);
    new DataView(buffer.buffer).setUint32(offset, value, true);
    return setRequest(OID.OID_NIC_SWITCH_PARAMETERS, buffer);
  }

  test.each([
    ['of another switch', setTo(12, 1)],
    ['of anything but the name', setTo(4, 0x0002_0000)],
    ['without its structure', setTo(0, 0)],
  ])('%s: NDIS_STATUS_INVALID_PARAMETER', (_what, parameters) => {
    expect(Bench.withVfs().issue(parameters)).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('while there is no switch: NDIS_STATUS_INVALID_PARAMETER', () => {
    expect(new Bench().issue(setTo(4, 0x0001_0000))).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('that is a byte too short: NDIS_STATUS_INVALID_LENGTH, and BytesNeeded', () => {
    const request = newOidRequest(setTo(4, 0x0001_0000), { inputBufferLength: 547 });
    expect(Bench.withVfs().nicSwitch.oidRequest(request)).toBe(NDIS_STATUS_INVALID_LENGTH);
    expect(request.bytesNeeded).toBe(548);
  });

  test('as a method request, which is not for the PF: NDIS_STATUS_NOT_SUPPORTED', () => {
    const { informationBuffer } = setTo(4, 0x0001_0000);
    const request = methodRequest(OID.OID_NIC_SWITCH_PARAMETERS, informationBuffer);
    expect(Bench.withVfs().issue(request)).toBe(NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED);
  });

  test('of the name succeeds [oids.switch-parameters]', () => {
    expect(Bench.withVfs().issue(setTo(4, 0x0001_0000))).toBe(NDIS_STATUS_SUCCESS);
  });
});

describe('the VPorts of a switch', () => {
  test('are created, have filters moved to them and back, and are deleted, and the driver is told', () => {
    const bench = Bench.withVfs();
    const back = { ...MOVE, sourceVPortId: 1, destVPortId: 0 };
    expect(bench.create(1, 0)).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.issue(moveFilter(MOVE, ORIGIN))).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.issue(moveFilter(back, ORIGIN))).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.issue(deleteVPort(1, ORIGIN))).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.issue(freeVf(0, ORIGIN))).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.told).toEqual([
      'created 1 of 0 as g1/0',
      'moved 7 from 0 to 1',
      'moved 7 from 1 to 0',
      'deleted 1',
    ]);
  });

  test('may be several at the PF', () => {
    const bench = Bench.withVPort();
    expect(bench.create(2, PF)).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.create(3, PF)).toBe(NDIS_STATUS_SUCCESS);
  });

  test('take a filter that is still on them with them [teardown.filter-on-deleted-vport]', () => {
    const bench = Bench.withVPort();
    bench.issue(moveFilter(MOVE, ORIGIN));
    expect(bench.issue(deleteVPort(1, ORIGIN))).toBe(NDIS_STATUS_SUCCESS);
    bench.create(1, 0);
    expect(bench.issue(moveFilter(MOVE, ORIGIN))).toBe(NDIS_STATUS_SUCCESS);
  });

  test('answer with the lengths of their structures, and the revision of a set request', () => {
    const { nicSwitch } = Bench.withVfs();
    const created = newOidRequest(vport(1, 0));
    nicSwitch.oidRequest(created);
    expect(created).toMatchObject({ bytesRead: 572, bytesWritten: 572 });
    const deleted = newOidRequest(deleteVPort(1, ORIGIN));
    nicSwitch.oidRequest(deleted);
    expect(deleted).toMatchObject({ bytesRead: 12, supportedRevision: 1 });
  });
});
