import { describe, expect, test, vi } from 'vitest';
import { versionedPf, versionOf } from '#test/museum/drivers/versioned-pf.ts';
import { backgroundReader } from '#test/museum/exhibits/s10-invalidated-while-reading/background-reader.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { type SweptRun, sweep } from '../search/sweep.ts';

// Hundreds of runs, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

async function violated(vf: ReturnType<typeof backgroundReader>): Promise<readonly SweptRun[]> {
  const { baseline, runs } = await sweep(
    defineScenario({
      name: 'two changes',
      pf: versionedPf(),
      vf,
      pfConfiguration: new Map([
        ['ChangesAtMs', '20,28'],
        ['ReadTakesMs', '5'],
      ]),
      versionOf,
      async run(world) {
        await world.attachGuest('g1');
        await world.advance('50ms');
      },
    }),
  );
  expect(baseline.outcome).toBe('holds');
  return runs.filter(({ outcome }) => outcome === 'violated');
}

describe('I5, in each way that a run with versions can be broken', () => {
  test('blames no driver that lost its channel, whose read failed, or whose mask is on its way', async () => {
    expect(await violated(backgroundReader(true))).toEqual([]);
  });

  test('blames the one that was told while it read, and forgot it', async () => {
    const runs = await violated(backgroundReader(false));
    expect(runs.length).toBeGreaterThan(5);
    expect(new Set(runs.map(({ way }) => way))).toEqual(new Set(['late', 'very late']));
    expect(
      runs.flatMap(({ why }) => why).filter((why) => !why.endsWith('did not act on it')),
    ).toEqual([]);
  });
});
