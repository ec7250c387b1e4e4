import { describe, expect, test } from 'vitest';
import type { DialResult } from '#guest/vmbus/dial.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { BRING_UP, TEARDOWN } from '#test/support/vf-oids-in-order.ts';

async function newWorld(
  options: Partial<WorldOptions> = {},
): Promise<{ world: World; pf: RecordingPf }> {
  const pf = new RecordingPf();
  return { world: await createWorld({ pf: pf.factory, ...options }), pf };
}

describe('the life of a VF', () => {
  test('begins in its documented order, at host and guest [bring-up.handshake] [bring-up.relations-before-completion] [bring-up.vf-initialize]', async () => {
    const { world, pf } = await newWorld();
    await world.attachGuest(new RecordingVf().factory);
    expect(pf.oids).toEqual([
      'OID_NIC_SWITCH_CREATE_SWITCH',
      ...BRING_UP,
      'OID_SRIOV_SET_VF_POWER_STATE',
    ]);
    const STEPS: readonly HopName[] = [
      'guestPacketReceived',
      'hostPacketSent',
      'hostCompletionSent',
      'vfMiniportInitializeEx',
      'vfMiniportInitializeExReturn',
      'ioCallDriver',
    ];
    const steps = world.events
      .filter(({ hop }) => STEPS.includes(hop))
      .map(({ hop, name }) => `${hop} ${name}`);
    expect(steps).toEqual([
      'guestPacketReceived QUERY_PROTOCOL_VERSION',
      'hostCompletionSent QUERY_PROTOCOL_VERSION',
      'guestPacketReceived FDO_D0_ENTRY',
      'hostPacketSent BUS_RELATIONS2',
      'hostCompletionSent FDO_D0_ENTRY',
      'guestPacketReceived CURRENT_RESOURCE_REQUIREMENTS',
      'hostCompletionSent CURRENT_RESOURCE_REQUIREMENTS',
      'guestPacketReceived DEVICE_POWER_STATE_CHANGE',
      'hostCompletionSent DEVICE_POWER_STATE_CHANGE',
      'vfMiniportInitializeEx MiniportInitializeEx',
      'vfMiniportInitializeExReturn MiniportInitializeEx',
      'ioCallDriver IOCTL_VPCI_INVALIDATE_BLOCK',
    ]);
    expect(world.states).toEqual(['g1/0 allocated', 'g1/0 exposed', 'g1/0 running']);
  });

  test('ends, when the guest stops: halt, D3, D0 exit, close, reset, free [teardown.reset-then-free] [pended.halt] [state.freed.channel-first]', async () => {
    const { world, pf } = await newWorld();
    const vf = new RecordingVf();
    const guest = await world.attachGuest(vf.factory);
    world.events.length = 0;
    pf.oids.length = 0;
    expect(await guest.os.stop()).toMatchObject([{ how: 'stopped' }]);
    await turn();
    const STEPS: readonly HopName[] = [
      'ioCancelIrp',
      'vfMiniportHaltEx',
      'guestPacketSent',
      'channelClosed',
      'pfMiniportOidRequest',
    ];
    const steps = world.events
      .filter(({ hop }) => STEPS.includes(hop))
      .map(({ hop, name }) => `${hop} ${name}`);
    expect(steps).toEqual([
      'ioCancelIrp IoCancelIrp',
      'vfMiniportHaltEx MiniportHaltEx',
      'guestPacketSent DEVICE_POWER_STATE_CHANGE',
      'guestPacketSent FDO_D0_EXIT',
      'pfMiniportOidRequest OID_SRIOV_SET_VF_POWER_STATE',
      'channelClosed channel closed',
      'channelClosed channel closed',
      ...TEARDOWN.map((oid) => `pfMiniportOidRequest ${oid}`),
    ]);
    expect(vf.current.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(world.states.slice(3)).toEqual(['g1/0 halted', 'g1/0 releasing', 'g1/0 freed']);
    expect(world.clock.timers).toBe(0);
  });

  test('ends, when the host ejects it: EJECT, halt, EJECT_COMPLETE, close, reset, free [teardown.halt-before-eject-complete] [contradiction.halt-or-free-first]', async () => {
    const { world, pf } = await newWorld();
    const vf = new RecordingVf();
    const guest = await world.attachGuest(vf.factory, { retry: true });
    world.events.length = 0;
    pf.oids.length = 0;
    world.host.ejectVf(0);
    world.host.ejectVf(0);
    await turn();
    const STEPS: readonly HopName[] = [
      'hostPacketSent',
      'vfMiniportHaltEx',
      'guestPacketSent',
      'pfMiniportOidRequest',
    ];
    const steps = world.events
      .filter(({ hop }) => STEPS.includes(hop))
      .map(({ hop, name }) => `${hop} ${name}`);
    expect(steps).toEqual([
      'hostPacketSent EJECT',
      'vfMiniportHaltEx MiniportHaltEx',
      'guestPacketSent EJECT_COMPLETE',
      ...TEARDOWN.map((oid) => `pfMiniportOidRequest ${oid}`),
    ]);
    expect(guest.ends).toMatchObject([{ how: 'ejected' }]);
    expect(guest.dials).toBe(1);
    expect(world.states.slice(3)).toEqual(['g1/0 ejecting', 'g1/0 releasing', 'g1/0 freed']);
    expect(world.clock.timers).toBe(0);
  });

  test('ends, when an eject is not answered, by surprise removal', async () => {
    const { world } = await newWorld({ ejectTimeoutMs: 60_000 });
    const vf = new RecordingVf({ halt: () => new Promise<void>(() => {}) });
    await world.attachGuest(vf.factory);
    world.host.ejectVf(0);
    await world.clock.advance(60_000);
    expect(world.host.vfs).toEqual([]);
    expect(vf.current.halts).toEqual(['NdisHaltDeviceDisabled']);
  });

  test('an operator that ejects a VF while it starts gets it as soon as it has started', async () => {
    let finish: () => void = () => {};
    const vf = new RecordingVf({
      initialize: () =>
        new Promise((resolve) => {
          finish = () => resolve(NDIS_STATUS.NDIS_STATUS_SUCCESS);
        }),
    });
    const { world } = await newWorld();
    const guest = await world.attachGuest(vf.factory);
    world.host.ejectVf(0);
    await turn();
    expect(world.host.vfs).toMatchObject([{ state: 'ejecting' }]);
    finish();
    await turn();
    expect(world.host.vfs).toEqual([]);
    expect(vf.current.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(guest.ends).toMatchObject([{ how: 'ejected' }]);
  });

  test('an eject at any step of the bring-up takes the VF away once', async () => {
    let ejected: boolean | undefined = true;
    let steps = 0;
    for (let step = 0; ejected !== undefined; step++) {
      const { world, pf } = await newWorld();
      world.events.length = 0;
      ejected = undefined;
      world.trace.listen(() => {
        if (world.events.length === step + 1) ejected = world.host.ejectVf(0);
      });
      const vf = new RecordingVf();
      const guest = await world.attachGuest(vf.factory, { retry: true });
      await world.clock.advance(60_000);
      // Before the PF has completed the allocation there is nothing to eject.
      if (ejected !== true) continue;
      const at = `at event ${step}`;
      expect(guest.ends, at).toMatchObject([{ how: 'ejected' }]);
      expect(world.host.vfs, at).toEqual([]);
      expect(
        pf.oids.filter((oid) => oid === 'OID_NIC_SWITCH_FREE_VF'),
        at,
      ).toHaveLength(1);
      for (const each of vf.instances) expect(each.halts, at).toEqual(['NdisHaltDeviceDisabled']);
      expect(world.clock.timers, at).toBe(0);
      steps++;
    }
    expect(steps).toBeGreaterThan(10);
  });

  test('a stop with 64 reads outstanding still leaves D0 in good order', async () => {
    const { world, pf } = await newWorld();
    const vf = new RecordingVf();
    const guest = await world.attachGuest(vf.factory);
    pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    for (let block = 0; block < 100; block++) void vf.current.read(block, 1);
    await turn();
    expect(await guest.os.stop()).toMatchObject([{ how: 'stopped' }]);
    expect(world.states).toContain('g1/0 halted');
    const exits = world
      .eventsOf('hostCompletionReceived')
      .filter(({ name }) => name === 'FDO_D0_EXIT');
    expect(exits).toMatchObject([{ status: 0 }]);
  });
});

describe('a guest with several VFs', () => {
  test('has a channel, a bus and a miniport for each, and stops them all', async () => {
    const { world } = await newWorld();
    const vf = new RecordingVf();
    const guest = await world.attachGuest(vf.factory, { vfs: 3 });
    expect(world.host.vfs.map(({ device, state }) => `${device} ${state}`)).toEqual([
      'g1/0 running',
      'g1/1 running',
      'g1/2 running',
    ]);
    expect(guest.os.vfs).toEqual([
      { device: 'g1/0', phase: 'running' },
      { device: 'g1/1', phase: 'running' },
      { device: 'g1/2', phase: 'running' },
    ]);
    world.host.ejectVf(1);
    await turn();
    expect(world.host.vfs.map(({ device }) => device)).toEqual(['g1/0', 'g1/2']);
    const ends = await guest.os.stop();
    expect(ends.map(({ how }) => how)).toEqual(['stopped', 'ejected', 'stopped']);
    expect(world.host.vfs).toEqual([]);
  });
});

describe('NumVFs', () => {
  test('65 guests at a host of 64: the last is refused with the reason, and not tried again [bring-up.num-vfs]', async () => {
    const { world } = await newWorld({ numVfs: 64 });
    for (let each = 0; each < 64; each++) {
      await world.attachGuest(new RecordingVf().factory, { name: `g${each}` });
    }
    expect(world.host.vfs).toHaveLength(64);
    const refused = await world.attachGuest(new RecordingVf().factory, {
      name: 'late',
      retry: true,
    });
    expect(refused.ends).toEqual([
      { how: 'failed', reason: 'NumVFs exhausted: 64 of 64 VFs are allocated (noVfLeft)' },
    ]);
    expect(refused.dials).toBe(1);
  });

  test('a place that comes free is given again, with its VFId and another generation [bring-up.serial-number-first]', async () => {
    const { world } = await newWorld({ numVfs: 1 });
    const first = await world.attachGuest(new RecordingVf().factory, { name: 'a' });
    await first.os.stop();
    await turn();
    await world.attachGuest(new RecordingVf().factory, { name: 'b' });
    expect(world.host.vfs).toMatchObject([
      { vfId: 0, device: 'b/0', generation: 2, state: 'running' },
    ]);
  });
});

describe('the protocol versions of host and guest', () => {
  test('with none in common: the guest is refused with the reason, and does not try again [messages.version-refused]', async () => {
    const { world } = await newWorld({ versions: [0x00010006] });
    const guest = await world.attachGuest(new RecordingVf().factory, {
      versions: [0x00010002, 0x00010001],
      retry: true,
    });
    expect(guest.ends).toMatchObject([
      { how: 'failed', reason: 'the host accepts none of VPCI 1.2, 1.1 (noCommonVersion)' },
    ]);
    expect(world.host.vfs).toEqual([]);
  });

  test('the newest in common is taken', async () => {
    const { world } = await newWorld({ versions: [0x00010004, 0x00010003, 0x00010001] });
    await world.attachGuest(new RecordingVf().factory, {
      versions: [0x00010006, 0x00010003, 0x00010001],
    });
    expect(world.host.vfs).toMatchObject([{ protocolVersion: 0x00010003 }]);
  });
});

describe('a host that stops and comes back', () => {
  test('finds its guests again, which come with growing pauses', async () => {
    const pf = new RecordingPf();
    const before = await createWorld({ pf: pf.factory });
    const vf = new RecordingVf();
    const gone: DialResult = { failure: 'cannot reach the host', permanent: false };
    let isThere = true;
    const guest = await before.attachGuest(vf.factory, {
      retry: true,
      dial: () => (isThere ? undefined : Promise.resolve(gone)),
    });
    isThere = false;
    await before.host.stop();
    await turn();
    expect(vf.current.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(guest.ends).toBeUndefined();
    for (const pause of [250, 500, 1_000, 2_000]) {
      expect(before.clock.untilNext).toBe(pause);
      await before.clock.advance(pause);
    }
    await guest.os.stop();
    expect(guest.ends).toMatchObject([{ how: 'stopped' }]);
    expect(before.clock.timers).toBe(0);
  });
});

describe('a VF miniport that fails to start', () => {
  test('gives its VF back, and the guest says why', async () => {
    const { world, pf } = await newWorld();
    const vf = new RecordingVf({ initialize: () => NDIS_STATUS.NDIS_STATUS_FAILURE });
    const guest = await world.attachGuest(vf.factory, { retry: true });
    expect(guest.ends).toMatchObject([
      {
        how: 'failed',
        reason: 'MiniportInitializeEx failed with NDIS_STATUS_FAILURE (initializeFailed)',
      },
    ]);
    expect(pf.oids.slice(-2)).toEqual(['OID_SRIOV_RESET_VF', 'OID_NIC_SWITCH_FREE_VF']);
    expect(world.states).toContain('g1/0 halted');
    expect(world.host.vfs).toEqual([]);
  });
});

describe('everything at once', () => {
  test('ends with no timer, no VF and no OID left', async () => {
    const { world, pf } = await newWorld({ numVfs: 8 });
    const vfs = Array.from({ length: 4 }, () => new RecordingVf());
    for (const [index, vf] of vfs.entries())
      await world.attachGuest(vf.factory, { name: `g${index}`, vfs: 2 });
    for (const vf of vfs) {
      for (const each of vf.instances) void each.read(5, 128);
    }
    for (let vfId = 0; vfId < 8; vfId++) pf.invalidate(vfId, (1n << 64n) - 1n);
    world.host.ejectVf(3);
    void world.host.resetVf(4);
    await world.end();
    expect(world.host.vfs).toEqual([]);
    expect(world.clock.timers).toBe(0);
    expect(pf.halts).toBe(1);
    expect(pf.oids.at(-1)).toBe('OID_NIC_SWITCH_DELETE_SWITCH');
    expect(pf.oids.filter((oid) => oid === 'OID_NIC_SWITCH_FREE_VF')).toHaveLength(8);
    for (const vf of vfs) for (const each of vf.instances) expect(each.halts).toHaveLength(1);
    const requests = world.eventsOf('oidRequest').length;
    expect(world.eventsOf('oidRequestComplete')).toHaveLength(requests);
  });
});
