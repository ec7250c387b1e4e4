import { type RunOptions, runScenario } from '../scenario/run-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Judgement, judge } from './outcome.ts';

/**
 * The fewest faults, and no latency or seed where none is needed, with which the run still breaks a
 * rule. Each step is one run; there are at most as many as the square of the faults.
 */
export async function shrink(
  scenario: Scenario,
  failing: RunOptions,
): Promise<Judgement & { readonly options: RunOptions }> {
  let options = failing;
  let judgement = await judged(scenario, options);
  for (let changed = true; changed; ) {
    changed = false;
    for (const simpler of simplerThan(options)) {
      const found = await judged(scenario, simpler);
      if (found.outcome !== 'violated') continue;
      options = simpler;
      judgement = found;
      changed = true;
      break;
    }
  }
  return { ...judgement, options };
}

async function judged(scenario: Scenario, options: RunOptions): Promise<Judgement> {
  return judge(await runScenario(scenario, options));
}

/** Options with one thing less. */
function simplerThan(options: RunOptions): readonly RunOptions[] {
  const { seed, latency, faults = [] } = options;
  const withoutOne = faults.map((_, index) => ({
    ...options,
    faults: faults.filter((_each, other) => other !== index),
  }));
  if (seed === undefined) return withoutOne;
  const isStill = latency === undefined || latency === 0;
  const calmer = isStill ? { faults } : { seed, faults };
  return [...withoutOne, calmer];
}
