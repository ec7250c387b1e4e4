import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID, oidName } from '#shared/ndis/oid.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, World } from '#test/kit/world/world.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { BRING_UP, RELEASE, TEARDOWN } from '#test/support/vf-oids-in-order.ts';

/** Statuses whose severity is success, or informational, and which are none. */
const NO_SUCCESSES = [NDIS_STATUS.NDIS_STATUS_NOT_ACCEPTED, 0x40010002];

/** A PF that answers one OID with this status, and does nothing for it. */
function answering(oid: number, status: number): RecordingPf {
  const pf = new RecordingPf();
  pf.intercept = (request) => (request.oid === oid ? status : undefined);
  return pf;
}

describe.each(NO_SUCCESSES)('a PF miniport that answers with 0x%x', (status) => {
  test('OID_NIC_SWITCH_CREATE_SWITCH: the host does not start [status.not-accepted-is-no-success]', async () => {
    const pf = answering(OID.OID_NIC_SWITCH_CREATE_SWITCH, status);
    const world = new World({ pf: pf.factory });
    expect(await world.host.start()).toContain('OID_NIC_SWITCH_CREATE_SWITCH');
  });

  test.each([
    [OID.OID_NIC_SWITCH_ALLOCATE_VF, 1, []],
    [OID.OID_NIC_SWITCH_CREATE_VPORT, 2, RELEASE],
    [OID.OID_RECEIVE_FILTER_MOVE_FILTER, 3, TEARDOWN.slice(1)],
  ] as const)(
    'OID 0x%x: the guest is refused with 4002, and what was done is undone [status.not-accepted-is-no-success]',
    async (oid, asked, undone) => {
      const pf = answering(oid, status);
      const world = await createWorld({ pf: pf.factory });
      pf.oids.length = 0;
      const { guest } = await world.attachRawGuest();
      expect(guest.closed).toEqual({
        code: CLOSE_CODES.allocationFailed.code,
        reason: expect.stringMatching(new RegExp(`^${oidName(oid)} failed with `)),
      });
      expect(pf.oids).toEqual([...BRING_UP.slice(0, asked), ...undone]);
      expect(world.host.vfs).toEqual([]);
    },
  );

  test('OID_SRIOV_VF_VENDOR_DEVICE_ID: what it left in the structure is not believed', async () => {
    const pf = answering(OID.OID_SRIOV_VF_VENDOR_DEVICE_ID, status);
    const world = await createWorld({ pf: pf.factory });
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    expect(guest.received[1]?.message).toMatchObject({
      devices: [{ vendorId: 0xffff, deviceId: 0xffff }],
    });
  });

  test.each(TEARDOWN.slice(1))(
    '%s: it is reported as failed [status.not-accepted-is-no-success]',
    async (name) => {
      const pf = answering(OID[name], status);
      const { log, messages } = recordingLog();
      const world = await createWorld({ pf: pf.factory, log });
      const { guest } = await world.attachRawGuest();
      guest.close();
      await turn();
      expect(messages).toContain(`${name} failed`);
    },
  );
});
