import { describe, expect, test, vi } from 'vitest';
import { defineScenario } from '../scenario/scenario.ts';
import { explore } from './explore.ts';
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
