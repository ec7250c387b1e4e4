import type { Random } from '#shared/time/random.ts';
import type { FaultRule } from '../faults/fault.ts';
import { type RunOptions, runScenario } from '../scenario/run-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { seededRandom } from '../world/seeded-random.ts';
import { type CutPoint, cutPoints } from './cut-points.ts';
import { breaksByItself, type Judgement, judge } from './outcome.ts';
import { shrink } from './shrink.ts';
import { waysToBreak } from './ways.ts';

/** A schedule under which a rule did not hold. */
export interface Counterexample extends Judgement {
  /** Undefined for what goes wrong by itself, without any fault: a rule, or the scenario. */
  readonly seed: number | undefined;
  /** The fewest faults, and the least latency, that still break the rule. */
  readonly options: RunOptions;
  /** What the seed came up with before it was shrunk. */
  readonly original: RunOptions;
}

export interface ExploreOptions {
  /** How many schedules to try. */
  readonly seeds: number;
  /** The first of them. Default 1. */
  readonly firstSeed?: number;
  /** Whether to break also as only a defective or hostile peer does. Default false. */
  readonly beyondTheModel?: boolean;
  /** Ends the exploration after the run that is under way. */
  readonly signal?: AbortSignal;
  /** Told after each run, also of how many could not be told. */
  readonly onProgress?: (done: number, all: number, unknown: number) => void;
  /** Told before each run by which a counterexample is shrunk, of how many there were. */
  readonly onShrink?: (runs: number) => void;
}

export interface ExploreResult {
  /** How many schedules were run; fewer than asked for after a counterexample, or when ended early. */
  readonly runs: number;
  /** Runs of which a checker could not tell. */
  readonly unknown: number;
  readonly counterexample: Counterexample | undefined;
}

const LATENCIES = [0, 1, 5, 20, 100] as const;
const MOST_FAULTS = 3;

/**
 * Tries random schedules until one breaks a rule, and shrinks that one. Nothing is tried where a rule is
 * broken by itself, or the scenario is.
 */
export async function explore(scenario: Scenario, options: ExploreOptions): Promise<ExploreResult> {
  const { seeds, firstSeed = 1, beyondTheModel = false, signal, onProgress, onShrink } = options;
  const undisturbed = await runScenario(scenario);
  const baseline = judge(undisturbed);
  if (breaksByItself(baseline)) return { runs: 1, unknown: 0, counterexample: byItself(baseline) };
  const points = cutPoints(undisturbed.events);
  let unknown = 0;
  for (let done = 0; done < seeds; done++) {
    if (signal?.aborted === true) return { runs: done, unknown, counterexample: undefined };
    const seed = firstSeed + done;
    const schedule = scheduleOf(seed, points, beyondTheModel);
    const found = await runScenario(scenario, schedule);
    const { outcome } = judge(found);
    if (outcome === 'violated') {
      const shrunk = await shrink(scenario, schedule, { found, signal, onRun: onShrink });
      const counterexample = { seed, original: schedule, ...shrunk };
      return { runs: done + 1, unknown, counterexample };
    }
    if (outcome !== 'holds') unknown++;
    onProgress?.(done + 1, seeds, unknown);
  }
  return { runs: seeds, unknown, counterexample: undefined };
}

function byItself(baseline: Judgement): Counterexample {
  return { seed: undefined, options: {}, original: {}, ...baseline };
}

/** What a schedule is made of: all of it plain data. */
export interface Schedule extends RunOptions {
  readonly seed: number;
  readonly latency: number;
  readonly faults: readonly FaultRule[];
}

/** The schedule that a seed stands for. */
export function scheduleOf(
  seed: number,
  points: readonly CutPoint[],
  beyondTheModel: boolean,
): Schedule {
  const random = seededRandom(seed);
  const latency = oneOf(LATENCIES, random) ?? 0;
  const count = Math.floor(random() * (MOST_FAULTS + 1));
  const faults = Array.from({ length: count }, () => {
    const point = oneOf(points, random);
    const way = point && oneOf(waysToBreak(point.when, beyondTheModel), random);
    return point === undefined || way === undefined ? [] : [{ when: point.when, do: way.fault }];
  });
  return { seed, latency, faults: faults.flat() };
}

function oneOf<T>(all: readonly T[], random: Random): T | undefined {
  return all[Math.floor(random() * all.length)];
}
