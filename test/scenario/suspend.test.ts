import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_FAILURE } = NDIS_STATUS;
const { OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_SET_VF_POWER_STATE } = OID;

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly vf: RecordingVf;
  readonly guest: AttachedGuest;
}

async function running(
  options: Partial<WorldOptions> = {},
  vf = new RecordingVf(),
): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...options });
  const guest = await world.attachGuest(vf.factory, { retry: true });

  pf.oids.length = 0;
  return { world, pf, vf, guest };
}

async function suspended(options: Partial<WorldOptions> = {}): Promise<Bench> {
  const bench = await running(options);
  await bench.guest.os.suspend();
  return bench;
}

describe('a guest that is suspended', () => {
  test('has its VF in D3 and its bus out of D0, and both in D0 again when it is resumed [power.suspend-order] [power.resume-order]', async () => {
    const { world, pf, vf, guest } = await suspended();
    expect(world.host.vfs).toMatchObject([{ state: 'halted', devicePowerState: 4 }]);
    await guest.os.resume();
    expect(world.host.vfs).toMatchObject([
      { state: 'running', devicePowerState: 1, generation: 1, protocolVersion: 0x00010006 },
    ]);
    expect(pf.oids).toEqual(['OID_SRIOV_SET_VF_POWER_STATE', 'OID_SRIOV_SET_VF_POWER_STATE']);
    expect(world.states.slice(3)).toEqual(['g1/0 halted', 'g1/0 running']);
    expect(vf.instances).toHaveLength(1);
    expect(await vf.current.read(5, 1)).toEqual(Uint8Array.of(5));
    expect(world.clock.timers).toBe(0);
  });

  test('is told, once it is resumed, of all that was ORed meanwhile, by the IOCTL of before [pended.low-power] [state.halted.invalidate]', async () => {
    const { world, pf, vf, guest } = await suspended();
    world.events.length = 0;
    pf.invalidate(0, 0x1n);
    pf.invalidate(0, 1n << 63n);
    await turn();
    pf.invalidate(0, 0x20n);
    await turn();
    expect(world.hops('ioCallDriver', 'ioCompleteRequest', 'hostPacketSent')).toEqual([]);
    expect(vf.current.masks).toEqual([]);
    expect(world.host.vfs).toMatchObject([{ pendingMask: (1n << 63n) | 0x21n }]);
    await guest.os.resume();
    await turn();
    expect(vf.current.masks).toEqual([(1n << 63n) | 0x21n]);
    expect(world.eventsOf('ioCompleteRequest')).toMatchObject([{ status: 0 }]);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0n }]);
  });

  test('is told of no mask before its miniport is in D0, whenever that came [power.masks-wait-for-the-miniport]', async () => {
    const seen: string[] = [];
    const vf = new RecordingVf({
      setPower: (_vf, state) => void seen.push(state === 1 ? 'D0' : 'D3'),
      invalidated: (_vf, mask) => void seen.push(`mask ${mask}`),
    });
    const { pf, world, guest } = await running({}, vf);
    world.trace.listen((event) => {
      if (event.hop === 'vfMiniportOidRequestComplete' && seen.at(-1) === 'D3')
        pf.invalidate(0, 1n);
      if (event.hop === 'hostCompletionSent' && event.name === 'FDO_D0_ENTRY') pf.invalidate(0, 2n);
    });
    await guest.os.suspend();
    await guest.os.resume();
    await turn();
    expect(seen[0]).toBe('D3');
    expect(seen[1]).toBe('D0');
    expect(seen.slice(2)).toEqual(['mask 3']);
  });

  test('while its miniport handles an invalidation falls asleep after it, and the next mask waits', async () => {
    let finish: () => void = () => {};
    const vf = new RecordingVf({
      invalidated: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    const { pf, guest } = await running({}, vf);
    pf.invalidate(0, 1n);
    await turn();
    const asleep = guest.os.suspend();
    pf.invalidate(0, 2n);
    await turn();
    expect(vf.current.powers).toEqual([]);
    finish();
    await asleep;
    expect(vf.current.masks).toEqual([1n]);
    await guest.os.resume();
    await turn();
    expect(vf.current.masks).toEqual([1n, 2n]);
    finish();
  });

  test('with reads outstanding leaves D0; they finish, and what waits behind 64 of them fails [power.outstanding-at-d0-exit]', async () => {
    const { world, pf, vf, guest } = await running();
    pf.leavePending(OID_SRIOV_READ_VF_CONFIG_BLOCK);
    const reads = Array.from({ length: 100 }, () => vf.current.read(5, 1));
    await turn();
    await guest.os.suspend();
    expect(world.host.vfs).toMatchObject([{ state: 'halted' }]);
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID_SRIOV_READ_VF_CONFIG_BLOCK));
    const answers = await Promise.all(reads);
    expect(answers.slice(0, 64)).toEqual(Array.from({ length: 64 }, () => Uint8Array.of(5)));
    expect(answers.slice(64)).toEqual(Array.from({ length: 36 }, () => NDIS_STATUS_FAILURE));
    await guest.os.resume();
    expect(world.host.vfs).toMatchObject([{ state: 'running', devicePowerState: 1 }]);
  });

  test('at a PF that holds its D3 wakes once the PF lets go of it [power.one-at-a-time]', async () => {
    const { world, pf, guest } = await running();
    pf.leavePending(OID_SRIOV_SET_VF_POWER_STATE);
    await guest.os.suspend();
    const awake = guest.os.resume();
    await turn();
    expect(guest.os.vfs).toMatchObject([{ phase: 'resuming' }]);
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID_SRIOV_SET_VF_POWER_STATE));
    await awake;
    expect(world.host.vfs).toMatchObject([{ state: 'running', devicePowerState: 1 }]);
  });

  test('a thousand times over is the same VF, and leaves nothing behind', async () => {
    const { world, vf, guest, pf } = await running();
    for (let each = 0; each < 1_000; each++) {
      await guest.os.suspend();
      pf.invalidate(0, 1n);
      await guest.os.resume();
    }
    await turn();
    expect(vf.instances).toHaveLength(1);
    expect(vf.current.masks).toHaveLength(1_000);
    expect(world.host.vfs).toMatchObject([{ generation: 1, state: 'running', outstanding: 0 }]);
    expect(world.clock.timers).toBe(0);
  });

  test('with several VFs has all of them asleep, and the one that was lost comes anew', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const vf = new RecordingVf();
    const guest = await world.attachGuest(vf.factory, { vfs: 3, retry: true });
    await guest.os.suspend();
    expect(world.host.vfs.map(({ state }) => state)).toEqual(['halted', 'halted', 'halted']);
    guest.links[1]?.guest.cut();
    await turn();
    await guest.os.resume();
    await turn();
    expect(
      world.host.vfs.map(({ device, state, generation }) => [device, state, generation]),
    ).toEqual([
      ['g1/0', 'running', 1],
      ['g1/1', 'running', 4],
      ['g1/2', 'running', 3],
    ]);
  });
});

describe('a VF of a guest that sleeps', () => {
  test('is reset, and wakes in D0 with the mask that waited [pended.reset] [state.reset.mask]', async () => {
    const { world, pf, vf, guest } = await suspended();
    pf.invalidate(0, 4n);
    expect(await world.host.resetVf(0)).toBe(0);
    await guest.os.resume();
    await turn();
    expect(vf.current.masks).toEqual([4n]);
    expect(vf.instances).toHaveLength(1);
    expect(world.host.vfs).toMatchObject([{ state: 'running', devicePowerState: 1 }]);
  });

  test('is reset with --mask-on-reset drop, and is told of nothing [state.reset.mask]', async () => {
    const { world, pf, vf, guest } = await suspended({ maskOnReset: 'drop' });
    pf.invalidate(0, 4n);
    await world.host.resetVf(0);
    await guest.os.resume();
    await turn();
    expect(vf.current.masks).toEqual([]);
  });

  test('is ejected: the guest gives it back when it wakes in time [power.eject-asleep] [teardown.eject-out-of-d0]', async () => {
    const { world, pf, vf, guest } = await suspended({ ejectTimeoutMs: 60_000 });
    world.host.ejectVf(0);
    world.host.ejectVf(0);
    await world.clock.advance(59_999);
    expect(world.host.vfs).toMatchObject([{ state: 'ejecting' }]);
    await guest.os.resume();
    await turn();
    expect(vf.current.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(guest.ends).toMatchObject([{ how: 'ejected' }]);
    expect(pf.oids.slice(-2)).toEqual(['OID_SRIOV_RESET_VF', 'OID_NIC_SWITCH_FREE_VF']);
    expect(world.clock.timers).toBe(0);
  });

  test('is ejected: the guest loses it by surprise when it sleeps too long [power.eject-asleep] [teardown.eject-out-of-d0]', async () => {
    const { world, vf, guest } = await suspended({ ejectTimeoutMs: 60_000 });
    world.host.ejectVf(0);
    await world.clock.advance(60_000);
    expect(world.states.slice(3)).toEqual([
      'g1/0 halted',
      'g1/0 ejecting',
      'g1/0 releasing',
      'g1/0 freed',
    ]);
    expect(vf.current.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    expect(guest.ends).toMatchObject([{ how: 'ejected' }]);
    await guest.os.resume();
    expect(guest.dials).toBe(1);
    expect(world.clock.timers).toBe(0);
  });

  test('does not keep the host from its stop', async () => {
    const { world, vf } = await suspended();
    const stopped = world.host.stop();
    await world.clock.advance(3_000);
    await stopped;
    expect(world.host.vfs).toEqual([]);
    expect(vf.current.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
  });

  test('is turned off with its guest, and freed [power.stop-asleep]', async () => {
    const { world, pf, vf, guest } = await suspended();
    await guest.os.stop();
    await turn();
    expect(vf.current.halts).toEqual(['NdisHaltDevicePoweredDown']);
    expect(pf.oids.slice(-2)).toEqual(['OID_SRIOV_RESET_VF', 'OID_NIC_SWITCH_FREE_VF']);
    expect(world.host.vfs).toEqual([]);
    expect(world.clock.timers).toBe(0);
  });

  test('whose VFId goes to another guest leaves it no mask [state.freed.mask]', async () => {
    const { world, pf, guest } = await suspended();
    pf.invalidate(0, 1n);
    await guest.os.stop();
    const other = new RecordingVf();
    await world.attachGuest(other.factory, { name: 'g2' });
    await turn();
    expect(world.host.vfs).toMatchObject([{ vfId: 0, device: 'g2/0', pendingMask: 0n }]);
    expect(other.current.masks).toEqual([]);
  });
});
