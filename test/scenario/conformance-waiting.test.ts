import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { queryRequest } from '#shared/ndis/oid-request.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_VF_SERIAL_NUMBER } = OID;
const { NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_ACCEPTED } = NDIS_STATUS;

describe('while the PF miniport holds a read of one VF', () => {
  test.each<[string, (world: World) => unknown, string]>([
    [
      'the allocation of a VF',
      (world) => world.attachRawGuest('new'),
      'OID_NIC_SWITCH_ALLOCATE_VF',
    ],
    ['the reset of another VF', (world) => world.host.resetVf(1), 'OID_SRIOV_RESET_VF'],
    ['the freeing of another VF', (world) => world.host.ejectVf(1), 'OID_NIC_SWITCH_FREE_VF'],
  ])(
    '%s waits, and goes on when that is completed [concurrency.slow-vf-delays-all]',
    async (_what, ask, oid) => {
      const pf = new RecordingPf();
      const world = await createWorld({ pf: pf.factory });
      const vf = new RecordingVf();
      await world.attachGuest(vf.factory, { name: 'slow' });
      await world.attachGuest(new RecordingVf().factory, { name: 'other' });
      pf.oids.length = 0;
      pf.leavePending(OID_SRIOV_READ_VF_CONFIG_BLOCK);
      const read = vf.current.read(5, 1);
      await turn();
      void ask(world);
      await turn();
      expect(pf.oids).toEqual(['OID_SRIOV_READ_VF_CONFIG_BLOCK']);
      pf.intercept = () => undefined;
      pf.finish(pf.last(OID_SRIOV_READ_VF_CONFIG_BLOCK));
      expect(await read).toEqual(Uint8Array.of(5));
      await turn();
      expect(pf.oids).toContain(oid);
      await world.end();
    },
  );
});

describe('a VF that was removed by surprise', () => {
  test('answers OID requests with NDIS_STATUS_NOT_ACCEPTED while its halt waits for the last one [teardown.not-accepted]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    let complete = (): void => {};
    const held = new Promise<void>((resolve) => {
      complete = resolve;
    });
    const vf = new RecordingVf({ invalidated: () => held });
    const guest = await world.attachGuest(vf.factory);
    const asked = async () =>
      (await guest.os.oidRequest(0, queryRequest(OID_SRIOV_VF_SERIAL_NUMBER, new Uint8Array(8))))
        ?.status;
    expect(await asked()).toBe(NDIS_STATUS_SUCCESS);
    pf.invalidate(0, 1n);
    await turn();
    guest.link.guest.cut();
    await turn();
    expect(vf.current.halts).toEqual([]);
    expect(await asked()).toBe(NDIS_STATUS_NOT_ACCEPTED);
    complete();
    await turn();
    expect(vf.current.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    await world.end();
  });
});

describe('the completion of FDO_D0_ENTRY', () => {
  test('has a status: that of success in the handshake, and of a failure in D0 [messages.fdo-d0-entry]', async () => {
    const world = await createWorld({ pf: new RecordingPf().factory });
    const { guest } = await world.attachRawGuest();
    await guest.agreeOnVersion();
    expect(await guest.ask('FDO_D0_ENTRY')).toEqual({ status: NTSTATUS.STATUS_SUCCESS });
    expect(await guest.ask('FDO_D0_ENTRY')).toEqual({
      status: NTSTATUS.STATUS_INVALID_DEVICE_REQUEST,
    });
  });
});

describe('a block of 64 and above', () => {
  test('is written, read, and in no mask: bits beyond 63 are cut [contradiction.blocks-of-64-and-above]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory);
    for (const blockId of [64, 0xffff_ffff]) {
      expect(await vf.current.write(blockId, Uint8Array.of(0xaa))).toBe(NDIS_STATUS_SUCCESS);
      expect(await vf.current.read(blockId, 1)).toEqual(Uint8Array.of(0xaa));
    }
    pf.invalidate(0, 1n << 64n);
    await turn();
    expect(vf.current.masks).toEqual([]);
    pf.invalidate(0, (1n << 64n) | (1n << 63n));
    await turn();
    expect(vf.current.masks).toEqual([1n << 63n]);
  });
});
