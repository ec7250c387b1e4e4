import { describe, expect, test, vi } from 'vitest';
import type { SweptRun } from '../search/sweep.ts';
import { sweep } from '../search/sweep.ts';
import wholeLife from './whole-life.scenario.ts';

// More than a thousand runs each, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

const PAIRS = [
  ['reference', wholeLife],
  ['hv-vhca', { ...wholeLife, pf: 'hv-vhca', vf: 'hv-vhca', vfConfiguration: new Map() }],
] as const;

describe.each(PAIRS)('the whole life of a VF of %s', (_name, scenario) => {
  test('keeps every rule, whatever a correct peer does at any of its events', async () => {
    const { baseline, runs } = await sweep(scenario);
    expect(baseline).toEqual({ outcome: 'holds', why: [] });
    expect(runs.length).toBeGreaterThan(500);
    expect(runs.filter(({ outcome }) => outcome !== 'holds').map(shown)).toEqual([]);
  });

  test('breaks no rule, whatever a defective peer does; only what it swallows stays unknown', async () => {
    const { runs } = await sweep(scenario, { beyondTheModel: true });
    expect(runs.filter(({ outcome }) => outcome === 'violated').map(shown)).toEqual([]);
    const unknown = runs.filter(({ outcome }) => outcome === 'unknown');
    expect(new Set(unknown.map(({ way }) => way))).toEqual(new Set(['drop', 'throw']));
  });
});

function shown({ rule, why }: SweptRun): string {
  return `${JSON.stringify(rule)}: ${why.join('; ')}`;
}
