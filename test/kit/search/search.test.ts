import { describe, expect, test, vi } from 'vitest';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { verdict } from '../check/checker.ts';
import { delay } from '../faults/fault.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { explore } from './explore.ts';
import { shrink } from './shrink.ts';
import { sweep } from './sweep.ts';
import { waysToBreak } from './ways.ts';

const scenario = defineScenario({
  name: 'attach, invalidate, detach',
  pf: 'reference',
  vf: 'reference',
  async run(world) {
    await world.attachGuest('g1');
    await world.invalidate(0, 2n);
    await world.stopGuest('g1');
  },
});

// Hundreds of runs, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const FAULTS = [{ when: { hop: 'guestPacketSent', nth: 1 }, do: delay(1) }] as const;

const ANY_EVENT: TraceEvent = { seq: 1, at: 0, hop: 'channelClosed', name: '' };

describe('a sweep', () => {
  test.each(['vfAllocateMemory', 'pfAllocateMemory', 'kzalloc'] as const)(
    'has a driver find no memory at %s',
    (hop) => {
      expect(waysToBreak({ hop }, false).map(({ name }) => name)).toContain('no memory');
    },
  );

  test('of a scenario that is broken without a fault runs nothing else, and says why', async () => {
    const broken = { ...scenario, run: () => Promise.reject(new Error('it broke')) };
    const { baseline, runs } = await sweep(broken);
    expect(baseline).toEqual({ outcome: 'broken', why: ['the scenario: it broke'] });
    expect(runs).toEqual([]);
  });

  test('breaks every hop of the run, in every way that a correct peer may', async () => {
    const progress: number[] = [];
    const { runs } = await sweep(scenario, { onProgress: (done) => progress.push(done) });
    expect(progress).toEqual(runs.map((_, index) => index + 1));
    expect(new Set(runs.map(({ way }) => way))).toEqual(
      new Set(['late', 'very late', 'cut', 'guest dies', 'host dies', 'refused', 'failed']),
    );
    expect(runs.filter(({ outcome }) => outcome !== 'holds')).toEqual([]);
  });
});

describe('an exploration', () => {
  test('of what goes wrong by itself tries no schedule, and does not say that it found nothing', async () => {
    const broken = { ...scenario, run: () => Promise.reject(new Error('it broke')) };
    const by = { seed: undefined, original: {}, options: {} };
    expect(await explore(broken, { seeds: 100 })).toEqual({
      runs: 1,
      unknown: 0,
      counterexample: { ...by, outcome: 'broken', why: ['the scenario: it broke'] },
    });
    const own = { id: 'own', rule: 'x', check: () => verdict('own', [{ why: 'no', events: [] }]) };
    const violated = { ...scenario, checkers: [own] };
    expect(await explore(violated, { seeds: 100 })).toEqual({
      runs: 1,
      unknown: 0,
      counterexample: { ...by, outcome: 'violated', why: ['own: no'] },
    });
  });

  test('does not shrink what has too many events for that', async () => {
    const found = await runScenario(scenario, { faults: FAULTS });
    const long = { ...found, events: Array.from({ length: 500_001 }, () => ANY_EVENT) };
    let runs = 0;
    const onRun = (): void => void runs++;
    const options = { faults: FAULTS };
    expect((await shrink(scenario, options, { found: long, onRun })).options).toEqual(options);
    expect(runs).toBe(0);
    await shrink(scenario, options, { found, onRun });
    expect(runs).toBe(1);
  });

  test('finds nothing in drivers that keep to the rules', async () => {
    const result = await explore(scenario, { seeds: 100 });
    expect(result).toEqual({ runs: 100, unknown: 0, counterexample: undefined });
  });

  test('shrinks what it finds to the fewest faults, and finds it again from its seed', async () => {
    const checker = {
      id: 'no-surprise',
      rule: 'No VF is removed by surprise.',
      check: ({
        events,
      }: {
        readonly events: readonly { readonly note?: string | undefined }[];
      }) => {
        const surprise = events.some(({ note }) => note === 'NdisHaltDeviceSurpriseRemoved');
        return {
          id: 'no-surprise',
          holds: !surprise,
          why: surprise ? ['one was'] : [],
          events: [],
        };
      },
    };
    const fragile = { ...scenario, checkers: [checker] };
    const found = (await explore(fragile, { seeds: 200 })).counterexample;
    expect(found?.why).toEqual(['no-surprise: one was']);
    expect(found?.options.faults).toHaveLength(1);
    expect(found?.options.latency ?? 0).toBe(0);
    const seed = found?.seed ?? 0;
    expect((await explore(fragile, { seeds: 1, firstSeed: seed })).counterexample).toEqual(found);
  });
});
