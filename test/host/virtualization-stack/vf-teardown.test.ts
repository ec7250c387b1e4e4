import { describe, expect, test } from 'vitest';
import {
  parseDeleteVPortParameters,
  parseMoveFilterParameters,
} from '#host/ndis/vport-requests.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RELEASE, TEARDOWN } from '#test/support/vf-oids-in-order.ts';

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly guest: RawGuest;
  readonly messages: readonly string[];
}

/** A guest whose bus is in D0; what the PF was asked for it is forgotten. */
async function inD0(): Promise<Bench> {
  const pf = new RecordingPf();
  const { log, messages } = recordingLog();
  const world = await createWorld({ pf: pf.factory, log });
  const { guest } = await world.attachRawGuest();
  await guest.enterD0();
  pf.oids.length = 0;
  messages.length = 0;
  return { world, pf, guest, messages };
}

describe('the teardown of a VF', () => {
  test.each([{ slot: 0 }, { slot: 0, status: 0 }])(
    'moves the filter back, deletes the VPort, resets the VF and frees it, once its guest has halted it and says so with %j [teardown.filters-move-back] [teardown.delete-vport] [teardown.reset-then-free] [contradiction.free-vport] [messages.eject-complete]',
    async (ejectComplete) => {
      const { world, pf, guest } = await inD0();
      world.host.ejectVf(0);
      await turn();
      expect(pf.oids).toEqual([]);
      guest.notify('EJECT_COMPLETE', ejectComplete);
      await turn();
      expect(guest.closed).toMatchObject({ code: CLOSE_CODES.ejected.code });
      expect(pf.oids).toEqual(TEARDOWN);
      expect(world.host.vfs).toEqual([]);
    },
  );

  test('moves the filter from the VPort of the VF to the default one [teardown.filters-move-back]', async () => {
    const { pf, guest } = await inD0();
    guest.close();
    await turn();
    const { informationBuffer } = pf.lastAsked(OID.OID_RECEIVE_FILTER_MOVE_FILTER);
    expect(parseMoveFilterParameters(informationBuffer)).toEqual({
      filterId: 1,
      sourceQueueId: 0,
      sourceVPortId: 1,
      destQueueId: 0,
      destVPortId: 0,
    });
  });

  test('deletes the VPort that the VF had [teardown.delete-vport]', async () => {
    const { world, pf, guest } = await inD0();
    const { guest: second } = await world.attachRawGuest('second');
    second.close();
    await turn();
    const deleted = () =>
      parseDeleteVPortParameters(pf.lastAsked(OID.OID_NIC_SWITCH_DELETE_VPORT).informationBuffer);
    expect(deleted()).toBe(2);
    guest.close();
    await turn();
    expect(deleted()).toBe(1);
  });

  test.each([
    ['OID_RECEIVE_FILTER_MOVE_FILTER', TEARDOWN, ['OID_RECEIVE_FILTER_MOVE_FILTER failed']],
    ['OID_SRIOV_RESET_VF', TEARDOWN, ['OID_SRIOV_RESET_VF failed']],
    ['OID_NIC_SWITCH_FREE_VF', TEARDOWN, ['OID_NIC_SWITCH_FREE_VF failed']],
  ] as const)(
    'goes on after %s has failed, and says so [teardown.failure-goes-on]',
    async (failing, asked, told) => {
      const { world, pf, guest, messages } = await inD0();
      pf.intercept = ({ oid }) =>
        oid === OID[failing] ? NDIS_STATUS.NDIS_STATUS_FAILURE : undefined;
      guest.close();
      await turn();
      expect(pf.oids).toEqual(asked);
      expect(messages.filter((message) => message.endsWith('failed'))).toEqual(told);
      expect(world.host.vfs).toEqual([]);
    },
  );

  test('of a VF whose VPort the PF does not delete ends with NDIS not freeing it, and both are told', async () => {
    const { world, pf, guest, messages } = await inD0();
    pf.intercept = ({ oid }) =>
      oid === OID.OID_NIC_SWITCH_DELETE_VPORT ? NDIS_STATUS.NDIS_STATUS_FAILURE : undefined;
    guest.close();
    await turn();
    expect(pf.oids).toEqual(TEARDOWN.slice(0, 3));
    expect(messages.filter((message) => message.endsWith('failed'))).toEqual([
      'OID_NIC_SWITCH_DELETE_VPORT failed',
      'OID_NIC_SWITCH_FREE_VF failed',
    ]);
    expect(world.host.vfs).toEqual([]);
  });

  test('of a VF that was refused before it had a VPort is a reset and a free', async () => {
    const { world, pf } = await inD0();
    pf.intercept = ({ oid }) =>
      oid === OID.OID_NIC_SWITCH_CREATE_VPORT ? NDIS_STATUS.NDIS_STATUS_FAILURE : undefined;
    await world.attachRawGuest('refused');
    expect(pf.oids.slice(2)).toEqual(RELEASE);
  });
});
