import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import type { HopName } from '#shared/trace/hops.ts';
import type { Duration } from '../duration.ts';
import { delay, kill } from '../faults/fault.ts';
import { MisuseError } from '../misuse-error.ts';
import { judge } from '../search/outcome.ts';
import { turn } from '../world/turn.ts';
import { type RunOptions, runScenario } from './run-scenario.ts';
import { defineScenario } from './scenario.ts';
import type { ScenarioWorld } from './scenario-world.ts';

const scenario = defineScenario({
  name: 'attach',
  pf: 'reference',
  vf: 'reference',
  run: (world) => world.attachGuest('g1'),
});

function running(act: (world: ScenarioWorld) => Promise<unknown> | unknown) {
  return runScenario({
    ...scenario,
    async run(world) {
      await world.attachGuest('g1');
      await act(world);
    },
  });
}

/** What a caller gives where nobody checks types. */
function untyped<T>(given: unknown): T {
  return given as T;
}

const HOP = untyped<HopName>('ejekt');

describe('a scenario that uses its world wrongly is broken, whatever the rules say:', () => {
  test.each<[string, (world: ScenarioWorld) => unknown, RegExp]>([
    ['a time that is none', (world) => world.advance(Number.NaN), /NaN is no duration: expected/],
    ['a negative time', (world) => world.advance(-1), /-1 is no duration/],
    [
      'a time in words',
      (world) => world.advance(untyped<Duration>('3 fortnights')),
      /3 fortnights is no duration: expected milliseconds, or a number with us, ms, s or min/,
    ],
    ['a hop that is none', (world) => world.until({ hop: HOP }), /ejekt is no hop; there are /],
    [
      'an event by a member that is none',
      (world) => world.until(untyped({ hopp: 'channelClosed' })),
      /a when has no hopp; it may have hop, name,/,
    ],
    [
      'a VF beyond NumVFs',
      (world) => world.invalidate(9, 8n),
      /invalidate\(9, …\): there is no VF 9: NumVFs is 4, and VFIds count from 0/,
    ],
    [
      'a mask that is a number',
      (world) => world.invalidate(0, untyped<bigint>(8)),
      /the mask is 8; expected a bigint of 64 bits, such as 8n for block 3/,
    ],
    ['a mask of 65 bits', (world) => world.invalidate(0, 1n << 64n), /expected a bigint of 64/],
    ['a reset of no VF', (world) => world.resetVf(-1), /there is no VF -1/],
    [
      'a guest that is not there',
      (world) => world.killGuest('gast'),
      /killGuest\('gast'\): there is no guest gast; there are g1/,
    ],
    ['a channel that is not there', (world) => world.cut('g1/1'), /there is no VF g1\/1/],
    [
      'an option of a guest that is none',
      (world) => world.attachGuest('g2', untyped({ vf: 2 })),
      /a guest has no option vf; it may have vfs, retry/,
    ],
  ])('%s', async (_what, act, why) => {
    const run = await running(act);
    expect(judge(run)).toEqual({ outcome: 'broken', why: [expect.stringMatching(why)] });
    // The drivers did nothing wrong, and its world came to its end.
    expect(run.verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
  });

  test('one that catches the refusal, too', async () => {
    const run = await running((world) => world.advance(Number.NaN).catch(() => {}));
    expect(judge(run).outcome).toBe('broken');
  });

  test('one that does not await what it does', async () => {
    const run = await runScenario({
      ...scenario,
      run(world) {
        void world.attachGuest('g1').catch(() => {});
        return Promise.resolve();
      },
    });
    expect(judge(run)).toEqual({
      outcome: 'broken',
      why: ["the scenario: its run has returned while attachGuest('g1') was under way: await it"],
    });
  });

  test('one that goes on when it has returned', async () => {
    const run = await runScenario({
      ...scenario,
      run(world) {
        turn()
          .then(() => world.advance('1s'))
          .catch(() => {});
        return Promise.resolve();
      },
    });
    expect(judge(run)).toMatchObject({
      outcome: 'broken',
      why: [
        expect.stringMatching(/it used its world, by advance\(1s\), when its run had returned/),
      ],
    });
  });

  test('one that throws, unless a fault may have kept it from its end', async () => {
    const throws = { ...scenario, run: () => Promise.reject(new Error('it broke')) };
    const run = await runScenario(throws);
    expect([run.broken, judge(run)]).toEqual([
      'threw',
      { outcome: 'broken', why: ['the scenario: it broke'] },
    ]);
    const when = { hop: 'pfMiniportInitializeEx' } as const;
    const killed = await runScenario(throws, { faults: [{ when, do: kill('host') }] });
    expect([killed.unfired, judge(killed).outcome]).toEqual([[], 'holds']);
  });
});

describe('a scenario that finds something wrong is not broken:', () => {
  test('its assertion is a violation', async () => {
    const run = await running(async (world) => assert.equal(await world.resetVf(3), 0));
    expect([run.broken, judge(run).outcome]).toEqual([undefined, 'violated']);
  });

  test('what its world waits for in vain is, also when the scenario says so in its own words', async () => {
    const run = await running(async (world) => {
      try {
        await world.until({ hop: 'vfMiniportHaltEx' });
      } catch (cause) {
        throw new Error('no halt', { cause });
      }
    });
    expect(judge(run)).toEqual({ outcome: 'violated', why: ['the scenario: no halt'] });
  });
});

describe('a run that cannot be is refused:', () => {
  test.each<[object, RegExp]>([
    [{ latencies: '5ms' }, /^a run has no member latencies; it may have world, seed, latency, fau/],
    [{ latency: Number.NaN }, /^latency is NaN; expected milliseconds/],
    [{ latency: '999999min' }, /^latency is 999999min; expected 60s at most/],
    [{ seed: 1.5 }, /^seed is 1.5; expected a whole number/],
    [{ world: 'real' }, /^world is real; expected simulated or processes/],
    [{ faults: [{ when: {}, do: { verb: 'dealy' } }] }, /^dealy is no verb; there are delay, hold/],
    [{ faults: [{ when: {}, do: { verb: 'delay', by: '3 weeks' } }] }, /^delay takes milliseconds/],
    [
      { faults: [{ when: {}, do: { verb: 'kill', side: 'gast' } }] },
      /^kill takes 'guest' or 'host'/,
    ],
    [{ faults: [{ when: { blok: 3 }, do: kill('guest') }] }, /^a when has no blok; it may have/],
  ])('%j', async (options, message) => {
    const run = runScenario(scenario, untyped<RunOptions>(options));
    await expect(run).rejects.toThrow(MisuseError);
    await expect(run).rejects.toThrow(message);
  });

  test('a scenario with a member that is none', async () => {
    const run = runScenario(untyped({ ...scenario, versionof: () => 1 }));
    await expect(run).rejects.toThrow('a scenario has no member versionof; it may have name, pf,');
  });

  test('delay takes only what is a duration', () => {
    expect(() => delay(untyped<Duration>('3 weeks'))).toThrow(/^delay takes milliseconds, or a /);
    expect(() => delay('90min')).toThrow('delay takes an hour at most, and was given 90min');
  });
});

describe('a delay that lasts longer than the scenario', () => {
  test('leaves nothing behind that a rule could be blamed for', async () => {
    const faults = [{ when: { hop: 'guestPacketSent', nth: 1 }, do: delay('50min') }] as const;
    const run = await runScenario(scenario, { faults });
    expect([run.unfired, run.leftovers]).toEqual([[], []]);
    expect(run.verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
  });
});
