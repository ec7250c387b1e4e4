import { describe, expect, test, vi } from 'vitest';
import { runScenario } from '../scenario/run-scenario.ts';
import { verifyRepeatable } from '../scenario/verify-repeatable.ts';
import { judge } from './outcome.ts';
import { randomScenario } from './random-scenario.ts';

const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);

// Hundreds of runs, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

describe('200 random scenarios, with up to three guests of two VFs and up to two faults,', () => {
  test('each go the same way again', async () => {
    const apart: unknown[] = [];
    for (const seed of SEEDS) {
      const { scenario, options } = randomScenario(seed);
      const difference = await verifyRepeatable(scenario, options);
      if (difference !== undefined) apart.push({ seed, difference });
    }
    expect(apart).toEqual([]);
  });

  test('break no rule', async () => {
    const broken: unknown[] = [];
    const hops = new Set<string>();
    let fired = 0;
    for (const seed of SEEDS) {
      const { scenario, options } = randomScenario(seed);
      const result = await runScenario(scenario, options);
      const { outcome, why } = judge(result);
      if (outcome === 'violated') broken.push({ seed, faults: options.faults, why });
      for (const { hop } of result.events) hops.add(hop);
      fired += result.faults.length;
    }
    expect(broken).toEqual([]);
    // They come about, and go far enough that there is something to break.
    expect(fired).toBeGreaterThan(50);
    expect([...hops]).toEqual(
      expect.arrayContaining(['blockMaskLatched', 'vfMiniportHaltEx', 'hypervRegBlockInvalidate']),
    );
  });
});
