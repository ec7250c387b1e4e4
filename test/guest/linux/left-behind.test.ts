import { describe, expect, test } from 'vitest';
import { setPeriodicTimer } from '#shared/time/clock.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { answerAsLinuxExpects, LinuxBench } from '#test/support/linux-bench.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { slowProbe, slowRemove } from '#test/support/slow-linux-driver.ts';

describe('a driver on Linux that does not let go of its VF when the guest stops', () => {
  test.each([
    ['probe', slowProbe().driver],
    ['remove', slowRemove().driver],
  ])('because it does not return from %s is left behind, and told of', async (name, driver) => {
    const bench = await new LinuxBench({ driver }).run();
    setPeriodicTimer(bench.bound.kernel.clock, 100, () => {});
    const stopped = bench.os.stop();
    await bench.clock.advance(3_500);
    const leftBehind = `the driver of the VF is left behind: ${name} has not returned`;
    const reason = `the guest did not stop in time; ${leftBehind} (goingAway)`;
    expect(await stopped).toEqual([{ how: 'stopped', reason, leftBehind }]);
    expect(bench.log.messages).toContain(leftBehind);
    expect(bench.clock.timers).toBe(0);
  });

  test('and is a VF miniport is left behind, and told of', async () => {
    const vf = new RecordingVf({ halt: () => new Promise<void>(() => {}) });
    const bench = await new RawHostBench({
      vf,
      profile: 'linux',
      onHost: answerAsLinuxExpects,
    }).run();
    setPeriodicTimer(bench.vf.adapter.clock, 100, () => {});
    const stopped = bench.os.stop();
    await bench.clock.advance(3_500);
    const hangs = 'left behind: MiniportHaltEx has not returned';
    expect(await stopped).toMatchObject([{ reason: expect.stringContaining(hangs) }]);
    expect(bench.clock.timers).toBe(0);
  });

  test('keeps the guest for as long as it is allowed to', async () => {
    const bench = await new LinuxBench({ driver: slowRemove().driver, stopTimeoutMs: 700 }).run();
    const stopped = bench.os.stop();
    await bench.clock.advance(200);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.goingAway.code });
    await turn();
    expect(bench.end).toBeUndefined();
    await bench.clock.advance(500);
    expect(await stopped).toMatchObject([{ how: 'stopped' }]);
  });
});
