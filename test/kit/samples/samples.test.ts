import { describe, expect, test, vi } from 'vitest';
import { type SweptRun, sweep } from '../search/sweep.ts';
import { waysToBreak } from '../search/ways.ts';
import asleep from './asleep.scenario.ts';
import wholeLife from './whole-life.scenario.ts';

// More than a thousand runs each, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

const HV_VHCA = { pf: 'hv-vhca', vf: 'hv-vhca', vfConfiguration: new Map() } as const;

const SAMPLES = [
  ['the whole life of a VF of reference', wholeLife],
  ['the whole life of a VF of hv-vhca', { ...wholeLife, ...HV_VHCA }],
  ['the life of a VF of reference that sleeps', asleep],
  ['the life of a VF of hv-vhca on Linux that sleeps', { ...asleep, ...HV_VHCA, profile: 'linux' }],
] as const;

describe.each(SAMPLES)('%s', (_name, scenario) => {
  test('keeps every rule in whatever a correct peer does at any of its events, and breaks none in what a defective one does', async () => {
    const { baseline, runs } = await sweep(scenario, { beyondTheModel: true });
    expect(baseline).toEqual({ outcome: 'holds', why: [] });
    expect(runs.filter(({ outcome }) => outcome === 'violated').map(shown)).toEqual([]);
    const inTheModel = runs.filter(isInTheModel);
    expect(inTheModel.length).toBeGreaterThan(500);
    expect(inTheModel.filter(({ outcome }) => outcome !== 'holds').map(shown)).toEqual([]);
    // Nobody can tell only of what it swallows.
    const unknown = new Set(
      runs.filter(({ outcome }) => outcome === 'unknown').map(({ way }) => way),
    );
    expect([...unknown].filter((way) => way !== 'drop' && way !== 'throw')).toEqual([]);
  });
});

function isInTheModel({ point, way }: SweptRun): boolean {
  return waysToBreak(point.when, false).some(({ name }) => name === way);
}

function shown({ rule, why }: SweptRun): string {
  return `${JSON.stringify(rule)}: ${why.join('; ')}`;
}
