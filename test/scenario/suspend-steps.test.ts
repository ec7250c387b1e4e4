import { describe, expect, test } from 'vitest';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** What befalls a guest in the middle of a sleep. */
type Disturbance = (world: World, guest: AttachedGuest) => void;

const DISTURBANCES: readonly (readonly [string, Disturbance])[] = [
  ['an eject', (world) => void world.host.ejectVf(0)],
  [
    'two ejects',
    (world) => {
      world.host.ejectVf(0);
      world.host.ejectVf(0);
    },
  ],
  ['a reset', (world) => void world.host.resetVf(0)],
  ['a lost channel', (_world, guest) => guest.link.guest.cut()],
  ['a stop', (_world, guest) => void guest.os.stop()],
  ['another suspend', (_world, guest) => void guest.os.suspend()],
  ['a resume', (_world, guest) => void guest.os.resume()],
  ['a stop of the host', (world) => void world.host.stop()],
];

/** Falls asleep and wakes, with a mask on the way each; `disturb` comes at the event of this number. */
async function run(step: number, disturb: Disturbance) {
  const pf = new RecordingPf();
  const vf = new RecordingVf();
  const world = await createWorld({ pf: pf.factory });
  const guest = await world.attachGuest(vf.factory, { retry: true });
  const first = world.events.length;
  let came = false;
  world.trace.listen(() => {
    if (came || world.events.length !== first + step + 1) return;
    came = true;
    disturb(world, guest);
  });
  const asleep = guest.os.suspend();
  pf.invalidate(0, 1n);
  await world.clock.advance(100);
  const awake = guest.os.resume();
  pf.invalidate(0, 2n);
  await world.clock.advance(60_000);
  await guest.os.resume();
  await Promise.all([asleep, awake]);
  await world.clock.advance(60_000);
  return { world, pf, vf, guest, came };
}

describe('a guest that falls asleep and wakes', () => {
  test.each(DISTURBANCES)('with %s at any step ends in good order', async (_what, disturb) => {
    let steps = 0;
    for (let step = 0; ; step++) {
      const { world, pf, vf, guest, came } = await run(step, disturb);
      if (!came) break;
      const at = `at event ${step}`;
      const running = world.host.vfs.filter(({ state }) => state === 'running');
      expect(running.length, at).toBe(world.host.vfs.length);
      expect(guest.os.vfs[0]?.phase, at).toMatch(/running|ended|dialing|gone/);
      await world.end();
      await turn();
      expect(world.host.vfs, at).toEqual([]);
      for (const each of vf.instances) expect(each.halts, at).toHaveLength(1);
      const allocated = pf.oids.filter((oid) => oid === 'OID_NIC_SWITCH_ALLOCATE_VF').length;
      const freed = pf.oids.filter((oid) => oid === 'OID_NIC_SWITCH_FREE_VF').length;
      expect(freed, at).toBe(allocated);
      expect(world.eventsOf('ioCompleteRequest').length, at).toBe(
        world.eventsOf('ioCallDriver').length,
      );
      expect(world.clock.timers, at).toBe(0);
      steps++;
    }
    expect(steps).toBeGreaterThan(20);
  });

  test('with nothing in its way loses no mask and makes up none, whenever they come', async () => {
    for (let step = 0; ; step++) {
      const extra: Disturbance = (world) => world.host.invalidate(0, 4n);
      const { world, vf, came } = await run(step, extra);
      if (!came) break;
      const told = vf.current.masks.reduce((union, mask) => union | mask, 0n);
      expect(told, `at event ${step}`).toBe(7n);
      expect(vf.instances).toHaveLength(1);
      expect(vf.current.masks).not.toContain(0n);
      await world.end();
    }
  });
});
