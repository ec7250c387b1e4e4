import { describe, expect, test } from 'vitest';
import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { type ConfigBlockVf, configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { judge } from '../search/outcome.ts';
import { livelockGuard } from '../world/livelock.ts';
import { ManualClock } from '../world/manual-clock.ts';
import { turn } from '../world/turn.ts';
import { runScenario } from './run-scenario.ts';
import { defineScenario } from './scenario.ts';
import { withWatchdog } from './watchdog.ts';

function scenarioOf(vf: ConfigBlockVf) {
  return defineScenario({
    name: 'attach',
    pf: 'reference',
    vf: defineVfMiniport(() => configBlockVf(vf)),
    run: (world) => world.attachGuest('g1'),
  });
}

describe('a driver that never finishes', () => {
  test('its start is named, with its event', async () => {
    const hangs = scenarioOf({ invalidated() {}, initialize: () => new Promise(() => {}) });
    expect((await runScenario(hangs)).failure).toMatch(
      /^this did not come about: the VFs of g1 run; MiniportInitializeEx of g1\/0 \(event \d+\) has not returned$/,
    );
  });

  test('one that keeps the chain busy for ever is stopped, and told by I9', {
    timeout: 60_000,
  }, async () => {
    const vf = defineVfMiniport((adapter) =>
      configBlockVf({
        invalidated() {},
        async initialize() {
          const buffer = new Uint8Array(8);
          while ((await adapter.ndisMReadConfigBlock(0, buffer, 8)) !== undefined);
          return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        },
      }),
    );
    const result = await runScenario({ ...scenarioOf({ invalidated() {} }), vf });
    expect(judge(result).why).toContainEqual(
      expect.stringMatching(/^I9: g1\/0 caused more than 20000 events/),
    );
  });

  test('many events are no livelock when time passes between them', () => {
    let stops = 0;
    const guard = livelockGuard(() => stops++, 3);
    const at = (time: number) => guard({ seq: 1, at: time, hop: 'channelClosed', name: '' });
    for (const time of [1, 1, 2, 2, 3]) at(time);
    expect(stops).toBe(0);
    at(3);
    at(3);
    at(3);
    expect(stops).toBe(1);
  });
});

describe('a scenario that waits for something outside of its world', () => {
  test('fails when nothing has happened for 5 seconds', async () => {
    const clock = new ManualClock();
    let failure: unknown;
    let events = 0;
    const never = withWatchdog(
      () => new Promise(() => {}),
      () => `${events}`,
      clock,
    );
    never.catch((error: unknown) => {
      failure = error;
    });
    await clock.advance(5_000);
    events++;
    await clock.advance(9_999);
    expect(failure).toBeUndefined();
    await clock.advance(1);
    expect(String(failure)).toMatch(/it waits for something outside of its world/);
    expect(clock.timers).toBe(0);
  });

  test('one that ends, or throws, leaves no timer behind', async () => {
    const clock = new ManualClock();
    await withWatchdog(
      () => Promise.resolve(),
      () => '',
      clock,
    );
    const throws = withWatchdog(
      () => {
        throw new Error('at once');
      },
      () => '',
      clock,
    );
    await expect(throws).rejects.toThrow('at once');
    await turn();
    expect(clock.timers).toBe(0);
  });
});
