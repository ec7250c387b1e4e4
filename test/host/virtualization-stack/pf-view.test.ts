import { describe, expect, test } from 'vitest';
import { viewOfPf } from '#host/virtualization-stack/pf-view.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { queryRequest } from '#shared/ndis/oid-request.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { PfNdisBench } from '#test/support/pf-ndis-bench.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

describe('the view of a PF', () => {
  test('shows nothing but its name once the PF is halted', async () => {
    const bench = await new PfNdisBench().allocated();
    await bench.ndis.halt();
    expect(await viewOfPf(bench.ndis, 'pf0')).toEqual({
      name: 'pf0',
      luid: undefined,
      hardwareCapabilities: undefined,
      currentCapabilities: undefined,
      switches: [],
      vfs: [],
      vports: [],
    });
  });

  test('shows the switch and every VF of every guest, and asks the PF miniport nothing', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, numVfs: 3 });
    await world.attachGuest(new RecordingVf().factory, { name: 'g1', vfs: 2 });
    pf.oids.length = 0;
    expect(await world.host.view()).toMatchObject({
      name: 'pf0',
      luid: 0x4000_0000_8000_0000n,
      switches: [
        {
          switchId: 0,
          friendlyName: 'Default NIC switch',
          numVfs: 3,
          numAllocatedVfs: 2,
          numVPorts: 4,
          numActiveVPorts: 3,
        },
      ],
      vfs: [
        { vfId: 0, vmName: 'g1', nicName: 'g1--0', switchId: 0 },
        { vfId: 1, vmName: 'g1', nicName: 'g1--1', switchId: 0 },
      ],
      vports: [
        { vportId: 0, attachedFunctionId: 0xffff, numFilters: 0 },
        { vportId: 1, attachedFunctionId: 0, name: 'g1/0', numFilters: 1 },
        { vportId: 2, attachedFunctionId: 1, name: 'g1/1', numFilters: 1 },
      ],
    });
    expect(pf.oids).toEqual([]);
    await world.end();
  });
});

describe('the numbers of a NIC switch', () => {
  test('count the receive filter of each VF as a MAC address of a nondefault VPort [oids.switch-info-numbers]', async () => {
    const world = await createWorld({ pf: new RecordingPf().factory, numVfs: 3 });
    await world.attachGuest(new RecordingVf().factory, { vfs: 2 });
    const query = queryRequest(OID.OID_NIC_SWITCH_ENUM_SWITCHES, new Uint8Array(588));
    const answer = (await world.host.oidRequest(query))?.request.informationBuffer;
    const members = new DataView(answer?.buffer ?? new ArrayBuffer(588), 16 + 536);
    const numbers = Array.from({ length: 9 }, (_, index) => members.getUint32(4 * index, true));
    expect(numbers).toEqual([2, 4, 3, 1, 2, 0, 2, 0, 0]);
    await world.end();
  });
});

describe('the door of an overlying driver on the host', () => {
  test('is closed to what the virtualization stack issues', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    pf.oids.length = 0;
    const request = queryRequest(OID.OID_NIC_SWITCH_FREE_VF, new Uint8Array(12));
    expect(await world.host.oidRequest(request)).toBeUndefined();
    expect(pf.oids).toEqual([]);
    await world.end();
  });

  test('hands back what NDIS answers, with the lengths of the request', async () => {
    const world = await createWorld({ pf: new RecordingPf().factory });
    const short = queryRequest(OID.OID_SRIOV_PF_LUID, new Uint8Array(11));
    expect(await world.host.oidRequest(short)).toMatchObject({
      status: NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH,
      request: { bytesNeeded: 12, bytesWritten: 0 },
    });
    await world.end();
  });
});
