import { describe, expect, test } from 'vitest';
import { setVfId } from '#host/ndis/vf-parameters.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { createControlledPair } from '#test/kit/world/controlled-transport.ts';
import { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { bytes } from '#test/support/hex.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RELEASE, TEARDOWN } from '#test/support/vf-oids-in-order.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_PENDING } = NDIS_STATUS;

async function newBench(
  options: Partial<WorldOptions> = {},
): Promise<{ world: World; pf: RecordingPf }> {
  const pf = new RecordingPf();
  return { world: await createWorld({ pf: pf.factory, ...options }), pf };
}

/** A guest whose attachment the PF has not finished yet; nothing is awaited. */
function attach(world: World, name = 'raw'): RawGuest {
  const [guest, host] = createControlledPair();
  void world.host.attach(host, { vmName: name, index: 0 });
  return new RawGuest(guest);
}

describe('a channel for which there is no VF', () => {
  test('beyond NumVFs is closed with 4001, and the PF is not asked [bring-up.num-vfs]', async () => {
    const { world, pf } = await newBench({ numVfs: 1 });
    await world.attachRawGuest('first');
    pf.oids.length = 0;
    const { guest } = await world.attachRawGuest('second');
    expect(guest.closed).toEqual({
      code: 4001,
      reason: 'NumVFs exhausted: 1 of 1 VFs are allocated',
    });
    expect(pf.oids).toEqual([]);
  });

  test('beyond NumVFs while the others are still being allocated is closed with 4001', async () => {
    const { world, pf } = await newBench({ numVfs: 2 });
    pf.leavePending(OID.OID_NIC_SWITCH_ALLOCATE_VF);
    const guests = ['a', 'b', 'c'].map((name) => attach(world, name));
    await turn();
    expect(guests.map((guest) => guest.closed?.code)).toEqual([undefined, undefined, 4001]);
  });

  test('whose allocation the PF refuses is closed with 4002 and the status', async () => {
    const { world, pf } = await newBench();
    pf.intercept = ({ oid }) =>
      oid === OID.OID_NIC_SWITCH_ALLOCATE_VF ? NDIS_STATUS.NDIS_STATUS_RESOURCES : undefined;
    const { guest } = await world.attachRawGuest();
    expect(guest.closed).toMatchObject({
      code: 4002,
      reason: expect.stringContaining('NDIS_STATUS_RESOURCES'),
    });
    expect(world.host.vfs).toEqual([]);
  });

  test('whose PF answers with no VFId is closed with 4002 [bring-up.bad-vfid]', async () => {
    const { world, pf } = await newBench();
    pf.intercept = ({ oid }) =>
      oid === OID.OID_NIC_SWITCH_ALLOCATE_VF ? NDIS_STATUS_SUCCESS : undefined;
    const { guest } = await world.attachRawGuest();
    expect(guest.closed).toMatchObject({ code: 4002, reason: expect.stringContaining('65535') });
  });

  test('whose PF gives out a VFId that is allocated is closed with 4002, and the other VF lives [bring-up.bad-vfid]', async () => {
    const { world, pf } = await newBench();
    pf.leavePending(OID.OID_NIC_SWITCH_ALLOCATE_VF);
    const guests = [attach(world, 'a'), attach(world, 'b')];
    await turn();
    // Both are answered in one go, so that nothing runs between them.
    pf.intercept = ({ oid, informationBuffer }) => {
      if (oid !== OID.OID_NIC_SWITCH_ALLOCATE_VF) return undefined;
      setVfId(informationBuffer, 0, 1);
      return NDIS_STATUS_SUCCESS;
    };
    pf.finish(pf.last(OID.OID_NIC_SWITCH_ALLOCATE_VF));
    await turn();
    expect(guests.map((guest) => guest.closed?.code)).toEqual([undefined, 4002]);
    expect(world.host.vfs).toMatchObject([{ vfId: 0, device: 'a/0' }]);
  });

  test('while the host shuts down is closed with 1001', async () => {
    const { world } = await newBench();
    const stopped = world.host.stop();
    const guest = attach(world);
    await stopped;
    expect(guest.closed).toMatchObject({ code: 1001 });
  });

  test('after the host has stopped is closed with 1001, and the PF is asked nothing', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    await world.host.stop();
    pf.oids.length = 0;
    const { guest } = await world.attachRawGuest();
    expect(guest.closed).toMatchObject({ code: 1001 });
    expect(pf.oids).toEqual([]);
  });
});

describe('an invalidation around the allocation of its VF', () => {
  test('in the moment in which the PF has completed the allocation is cached [state.allocated.invalidate]', async () => {
    const { world, pf } = await newBench();
    pf.leavePending(OID.OID_NIC_SWITCH_ALLOCATE_VF);
    const guest = attach(world);
    await turn();
    pf.finish(pf.last(OID.OID_NIC_SWITCH_ALLOCATE_VF));
    pf.invalidate(0, 0x21n);
    await turn();
    await guest.enterD0();
    expect(guest.masks).toEqual([0x21n]);
  });

  test('before that, inside the OID handler, goes nowhere and is traced: the VF is not allocated', async () => {
    const { world, pf } = await newBench();
    pf.intercept = ({ oid }) => {
      if (oid === OID.OID_NIC_SWITCH_ALLOCATE_VF) pf.invalidate(0, 1n);
      return undefined;
    };
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    expect(guest.masks).toEqual([]);
    expect(world.eventsOf('blockMaskDropped')).toMatchObject([
      { vfId: 0, mask: '0x0000000000000001' },
    ]);
  });

  test('of a VF that was never allocated goes nowhere, and is traced [invalidate.unallocated-vf] [contradiction.vfid-0xffff]', async () => {
    const { world, pf } = await newBench();
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    for (const vfId of [1, 7, 0xfffe, 0xffff, 70_000, -1]) pf.invalidate(vfId, 1n);
    await turn();
    expect(guest.masks).toEqual([]);
    expect(world.eventsOf('blockMaskDropped').map((event) => event.vfId)).toEqual([
      1, 7, 0xfffe, 0xffff, 70_000, -1,
    ]);
  });

  test('of a VF that was freed goes nowhere, and the next owner of the VFId starts clean [state.freed.mask]', async () => {
    const { world, pf } = await newBench();
    const { guest: first } = await world.attachRawGuest('first');
    pf.invalidate(0, 0x1n);
    first.close();
    await turn();
    pf.invalidate(0, 0x2n);
    const { guest: second } = await world.attachRawGuest('second');
    expect(world.host.vfs).toMatchObject([
      { vfId: 0, device: 'second/0', generation: 2, pendingMask: 0n },
    ]);
    await second.enterD0();
    expect(second.masks).toEqual([]);
  });

  test('while its VF is being released goes nowhere', async () => {
    const { world, pf } = await newBench();
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    pf.leavePending(OID.OID_SRIOV_RESET_VF);
    guest.close();
    await turn();
    expect(world.host.vfs).toMatchObject([{ state: 'releasing' }]);
    pf.invalidate(0, 1n);
    expect(world.eventsOf('blockMaskDropped')).toHaveLength(1);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0n }]);
  });
});

describe('a channel that is lost', () => {
  test('resets and frees its VF, after what the PF still had to do for it [teardown.reset-then-free] [state.freed.channel-first]', async () => {
    const { world, pf } = await newBench();
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    pf.oids.length = 0;
    pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    guest.read(0, 1);
    guest.write(0, bytes('AA'));
    await turn();
    guest.close();
    await turn();
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK));
    await turn();
    expect(pf.oids).toEqual([
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
      'OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      ...TEARDOWN,
    ]);
    expect(world.host.vfs).toEqual([]);
    expect(world.clock.timers).toBe(0);
  });

  test('while its VF is being allocated frees it once it is', async () => {
    const { world, pf } = await newBench();
    pf.leavePending(OID.OID_NIC_SWITCH_ALLOCATE_VF);
    const guest = attach(world);
    await turn();
    guest.close();
    await turn();
    pf.finish(pf.last(OID.OID_NIC_SWITCH_ALLOCATE_VF));
    await turn();
    expect(pf.oids.slice(-2)).toEqual(RELEASE);
    expect(world.host.vfs).toEqual([]);
    expect(world.clock.timers).toBe(0);
  });

  test('counts against NumVFs until its VF is freed, and no longer', async () => {
    const { world, pf } = await newBench({ numVfs: 1 });
    const { guest } = await world.attachRawGuest('first');
    pf.leavePending(OID.OID_NIC_SWITCH_FREE_VF);
    guest.close();
    await turn();
    expect((await world.attachRawGuest('second')).guest.closed).toMatchObject({ code: 4001 });
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID.OID_NIC_SWITCH_FREE_VF));
    expect((await world.attachRawGuest('third')).guest.closed).toBeUndefined();
  });

  test('whose VF the PF does not free is reported, and gives its place back', async () => {
    const log = recordingLog();
    const { world, pf } = await newBench({ log: log.log });
    const { guest } = await world.attachRawGuest();
    pf.intercept = () => NDIS_STATUS_FAILURE;
    guest.close();
    await turn();
    await world.host.stop();
    expect(log.messages).toEqual([
      expect.any(String),
      'OID_RECEIVE_FILTER_MOVE_FILTER failed',
      'OID_NIC_SWITCH_DELETE_VPORT failed',
      'OID_SRIOV_RESET_VF failed',
      'OID_NIC_SWITCH_FREE_VF failed',
      'OID_NIC_SWITCH_DELETE_SWITCH failed',
    ]);
    expect(world.host.vfs).toEqual([]);
  });
});

describe('an eject', () => {
  test('of a VF that is still being exposed frees it, and leaves no timer behind', async () => {
    const { world, pf } = await newBench();
    pf.leavePending(OID.OID_SRIOV_VF_VENDOR_DEVICE_ID);
    const guest = attach(world);
    await turn();
    expect(world.host.vfs).toMatchObject([{ state: 'allocated' }]);
    expect(world.host.ejectVf(0)).toBe(true);
    await turn();
    pf.finish(pf.last(OID.OID_SRIOV_VF_VENDOR_DEVICE_ID));
    await turn();
    expect(guest.closed).toMatchObject({ code: CLOSE_CODES.ejected.code });
    expect(pf.oids.slice(-2)).toEqual(RELEASE);
    expect(world.host.vfs).toEqual([]);
    await world.clock.advance(20_000);
    expect(world.clock.timers).toBe(0);
  });

  test('of a guest that speaks no version yet closes its channel', async () => {
    const { world } = await newBench();
    const { guest } = await world.attachRawGuest();
    world.host.ejectVf(0);
    await turn();
    expect(guest.closed).toMatchObject({ code: CLOSE_CODES.ejected.code });
    expect(world.clock.timers).toBe(0);
  });

  test('that is not answered ends in surprise removal after its timeout [teardown.eject-timeout] [contradiction.halt-or-free-first]', async () => {
    const { world, pf } = await newBench({ ejectTimeoutMs: 60_000 });
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    world.host.ejectVf(0);
    await turn();
    expect(guest.types.at(-1)).toBe('EJECT');
    await world.clock.advance(59_999);
    expect(guest.closed).toBeUndefined();
    await world.clock.advance(1);
    expect(guest.closed).toMatchObject({
      code: 4004,
      reason: expect.stringContaining('surprise removal'),
    });
    expect(pf.oids.slice(-2)).toEqual(RELEASE);
  });

  test('is not escaped by leaving D0 and entering it again', async () => {
    const { world } = await newBench({ ejectTimeoutMs: 60_000 });
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    world.host.ejectVf(0);
    await guest.ask('FDO_D0_EXIT');
    await guest.ask('FDO_D0_ENTRY');
    expect(world.host.vfs).toMatchObject([{ state: 'ejecting' }]);
    await world.clock.advance(60_000);
    expect(guest.closed).toMatchObject({ code: 4004 });
    expect(world.host.vfs).toEqual([]);
  });

  test('is not escaped by entering D0 after it came', async () => {
    const { world } = await newBench({ ejectTimeoutMs: 60_000 });
    const { guest } = await world.attachRawGuest();
    await guest.agreeOnVersion();
    world.host.ejectVf(0);
    await guest.ask('FDO_D0_ENTRY');
    await world.clock.advance(60_000);
    expect(guest.closed).toMatchObject({ code: 4004 });
  });

  test('a second one sends nothing and does not prolong the first [teardown.second-eject]', async () => {
    const { world } = await newBench({ ejectTimeoutMs: 60_000 });
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    world.host.ejectVf(0);
    await world.clock.advance(59_000);
    world.host.ejectVf(0);
    await world.clock.advance(1_000);
    expect(guest.types.filter((type) => type === 'EJECT')).toHaveLength(1);
    expect(guest.closed).toMatchObject({ code: 4004 });
  });

  test('lets the VF read, write and be invalidated until EJECT_COMPLETE [state.ejecting.blocks] [state.ejecting.invalidate]', async () => {
    const { world, pf } = await newBench();
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    world.host.ejectVf(0);
    pf.invalidate(0, 1n);
    const id = guest.read(0, 1);
    await turn();
    expect(guest.completionsOf(id)).toMatchObject([{ status: 0 }]);
    expect(guest.masks).toEqual([1n]);
    guest.notify('EJECT_COMPLETE', { slot: 0 });
    await turn();
    expect(guest.closed).toMatchObject({ code: 4004 });
    expect(world.clock.timers).toBe(0);
  });

  test('EJECT_COMPLETE that nobody asked for, or of another slot, changes nothing', async () => {
    const { world } = await newBench();
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    guest.notify('EJECT_COMPLETE', { slot: 0 });
    await turn();
    expect(guest.closed).toBeUndefined();
    world.host.ejectVf(0);
    guest.notify('EJECT_COMPLETE', { slot: 1 });
    await turn();
    expect(guest.closed).toBeUndefined();
    expect(world.host.vfs).toMatchObject([{ state: 'ejecting' }]);
  });

  test('of a VF that is not allocated ejects nothing', async () => {
    const { world } = await newBench();
    expect(world.host.ejectVf(0)).toBe(false);
  });
});

describe('a reset', () => {
  test.each([
    ['keep', [0x21n]],
    ['drop', []],
  ] as const)(
    'with the option to %s the mask that waits [state.reset.mask]',
    async (maskOnReset, masks) => {
      const { world, pf } = await newBench({ maskOnReset });
      const { guest } = await world.attachRawGuest();
      pf.invalidate(0, 0x21n);
      expect(await world.host.resetVf(0)).toBe(NDIS_STATUS_SUCCESS);
      await guest.enterD0();
      expect(guest.masks).toEqual(masks);
    },
  );

  test('reaches only the VF that it names [teardown.reset-touches-one-vf]', async () => {
    const reset: number[] = [];
    const pf = new RecordingPf({ vfReset: (vfId) => reset.push(vfId) });
    const world = await createWorld({ pf: pf.factory });
    for (const name of ['a', 'b', 'c']) await world.attachRawGuest(name);
    await world.host.resetVf(1);
    expect(reset).toEqual([1]);
    expect(await world.host.resetVf(9)).toBeUndefined();
  });
});

describe('four VFs that are attached in one go', () => {
  test('are all attached, each with its VFId and generation [bring-up.serial-number-first]', async () => {
    const { world, pf } = await newBench();
    pf.intercept = ({ oid }) => {
      if (oid !== OID.OID_NIC_SWITCH_ALLOCATE_VF) return undefined;
      queueMicrotask(() => pf.finish(pf.last(OID.OID_NIC_SWITCH_ALLOCATE_VF)));
      return NDIS_STATUS_PENDING;
    };
    for (const name of ['a', 'b', 'c', 'd']) attach(world, name);
    await turn();
    expect(
      world.host.vfs.map(({ vfId, device, generation }) => [vfId, device, generation]),
    ).toEqual([
      [0, 'a/0', 1],
      [1, 'b/0', 2],
      [2, 'c/0', 3],
      [3, 'd/0', 4],
    ]);
  });
});
