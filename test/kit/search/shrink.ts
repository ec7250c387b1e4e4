import { systemClock } from '#shared/time/system.ts';
import { type RunOptions, type RunResult, runScenario } from '../scenario/run-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Judgement, judge } from './outcome.ts';

/** What shrinking may cost: the events of all its runs, and the time it takes. */
const MOST_EVENTS = 500_000;
const LONGEST_MS = 30_000;

export interface ShrinkOptions {
  /** What the failing options came to. */
  readonly found: RunResult;
  /** Ends the shrinking after the run that is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Told before each run, of how many there were. */
  readonly onRun?: ((runs: number) => void) | undefined;
}

/**
 * The fewest faults, and no latency or seed where none is needed, with which the run still breaks a
 * rule. Each step is one run; there are at most as many as the square of the faults, and fewer where
 * runs are long: then there may be faults left that it does not take.
 */
export async function shrink(
  scenario: Scenario,
  failing: RunOptions,
  { found, signal, onRun }: ShrinkOptions,
): Promise<Judgement & { readonly options: RunOptions }> {
  const end = systemClock.now() + LONGEST_MS;
  let options = failing;
  let judgement = judge(found);
  let last = found.events.length;
  let spent = 0;
  let runs = 0;
  const isAffordable = (): boolean =>
    spent + last <= MOST_EVENTS && systemClock.now() < end && signal?.aborted !== true;
  for (let untried = simplerThan(options); untried.length > 0 && isAffordable(); ) {
    const [simpler, ...others] = untried;
    if (simpler === undefined) break;
    onRun?.(runs++);
    const result = await runScenario(scenario, simpler);
    last = result.events.length;
    spent += last;
    const judged = judge(result);
    untried = others;
    if (judged.outcome !== 'violated') continue;
    options = simpler;
    judgement = judged;
    untried = simplerThan(options);
  }
  return { ...judgement, options };
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
