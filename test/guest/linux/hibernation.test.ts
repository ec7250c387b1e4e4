import { describe, expect, test } from 'vitest';
import { ERRNO } from '#shared/linux/errno.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { RecordingLinuxDriver } from '#test/support/recording-linux-driver.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

async function newBench() {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory });
  const driver = new RecordingLinuxDriver();
  const guest = await world.attachGuest(driver.module, { profile: 'linux' });
  await turn();
  return { pf, world, driver, guest };
}

describe('a Linux guest that hibernates', () => {
  test('lets go of its device, leaves D0 and closes its channel [linux.hibernation]', async () => {
    const { world, driver, guest } = await newBench();
    await guest.os.suspend();
    await turn();
    expect(driver.current.removed).toBe(1);
    expect(guest.link.guest.frames.map(({ message }) => message.type).at(-1)).toBe('FDO_D0_EXIT');
    expect(world.host.vfs).toEqual([]);
    expect(guest.phases.at(-1)).toBe('g1/0 suspended');
    expect(await driver.current.read(5, 1)).toBe(-ERRNO.EOPNOTSUPP);
    await world.end();
  });

  test('finds another instance when it wakes, which is told of nothing that came meanwhile [linux.hibernation]', async () => {
    const { pf, world, driver, guest } = await newBench();
    await guest.os.suspend();
    pf.invalidate(0, 1n);
    await world.clock.advance(60_000);
    expect(guest.links).toHaveLength(1);
    await guest.os.resume();
    await turn();
    await turn();
    expect(guest.phases.at(-1)).toBe('g1/0 running');
    expect(driver.instances).toHaveLength(2);
    expect(world.host.vfs).toMatchObject([{ generation: 2, pendingMask: 0n }]);
    pf.invalidate(0, 2n);
    await turn();
    expect(driver.instances.map(({ masks }) => masks)).toEqual([[], [2n]]);
    await world.end();
    expect(world.clock.timers).toBe(0);
  });
});
