import { describe, expect, test } from 'vitest';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';
import { RAW_DEVICE } from '#test/support/raw-host.ts';
import { RecordingLinuxDriver } from '#test/support/recording-linux-driver.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const CYCLES = 1000;

describe('1,000 cycles of eject and attach', () => {
  test('on one channel leave no timer, no request and one device [linux.cycles]', async () => {
    const bench = await new LinuxBench().run();
    for (let serialNumber = 2; serialNumber <= CYCLES + 1; serialNumber++) {
      bench.host.eject();
      await turn();
      bench.host.relations([{ ...RAW_DEVICE, serialNumber }]);
      await turn();
    }
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toHaveLength(CYCLES);
    expect(bench.driver.instances).toHaveLength(CYCLES + 1);
    expect(bench.driver.instances.map(({ removed }) => removed)).toEqual([
      ...new Array(CYCLES).fill(1),
      0,
    ]);
    expect(bench.clock.timers).toBe(0);
    bench.host.invalidate(1n);
    await turn();
    expect(bench.driver.instances.flatMap(({ masks }) => masks)).toEqual([1n]);
    bench.host.close({ code: CLOSE_CODES.ejected.code, reason: '' });
    await turn();
    expect(bench.end).toMatchObject({ how: 'ejected' });
  });

  test.each(['a Linux VF driver', 'a VF miniport'])(
    'of guests with %s leave no VF and no timer [linux.cycles]',
    async (what) => {
      const pf = new RecordingPf();
      const world = await createWorld({ pf: pf.factory, numVfs: 1 });
      const driver = new RecordingLinuxDriver();
      const vf = new RecordingVf();
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        const used = what === 'a VF miniport' ? vf.factory : driver.module;
        const guest = await world.attachGuest(used, { profile: 'linux' });
        await turn();
        world.host.ejectVf(0);
        await turn();
        await turn();
        expect(guest.ends).toMatchObject([{ how: 'ejected' }]);
        world.events.length = 0;
      }
      expect(driver.instances.length + vf.instances.length).toBe(CYCLES);
      expect(driver.instances.every(({ removed }) => removed === 1)).toBe(true);
      expect(vf.instances.every(({ halts }) => halts.join() === 'NdisHaltDeviceDisabled')).toBe(
        true,
      );
      expect(world.host.vfs).toEqual([]);
      expect(world.clock.timers).toBe(0);
    },
  );
});
