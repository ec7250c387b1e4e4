import type { FaultRule } from '../faults/fault.ts';
import { type RunOptions, runScenario } from '../scenario/run-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type CutPoint, cutPoints } from './cut-points.ts';
import { breaksByItself, type Judgement, judge } from './outcome.ts';
import { type Way, waysToBreak } from './ways.ts';

/** One run of a sweep: one cut point, broken in one way. */
export interface SweptRun extends Judgement {
  readonly point: CutPoint;
  readonly way: string;
  readonly rule: FaultRule;
}

export interface SweepOptions extends Pick<RunOptions, 'seed' | 'latency'> {
  /** Whether to break also as only a defective or hostile peer does. Default false. */
  readonly beyondTheModel?: boolean;
  /** Ends the sweep after the run that is under way. */
  readonly signal?: AbortSignal;
  /** Told of each run that was made. */
  readonly onRun?: (run: SweptRun) => void;
  /** Told after each run. */
  readonly onProgress?: (done: number, all: number) => void;
}

export interface SweepResult {
  /** The run that nothing befell. When it does not hold, nothing else was run. */
  readonly baseline: Judgement;
  /** Fewer than planned when the sweep was ended early. */
  readonly runs: readonly SweptRun[];
  /** How many runs there are to be. */
  readonly planned: number;
}

/** Runs a scenario once for each cut point, with each way of breaking it. */
export async function sweep(scenario: Scenario, options: SweepOptions = {}): Promise<SweepResult> {
  const { seed, latency, beyondTheModel = false, signal, onRun, onProgress } = options;
  const undisturbed = await runScenario(scenario, { seed, latency });
  const baseline = judge(undisturbed);
  if (breaksByItself(baseline)) return { baseline, runs: [], planned: 0 };
  const planned = cutPoints(undisturbed.events).flatMap((point) =>
    waysToBreak(point.when, beyondTheModel).map((way) => ({ point, way })),
  );
  const runs: SweptRun[] = [];
  for (const { point, way } of planned) {
    if (signal?.aborted === true) break;
    const run = await sweptRun(scenario, { seed, latency }, point, way);
    runs.push(run);
    onRun?.(run);
    onProgress?.(runs.length, planned.length);
  }
  return { baseline, runs, planned: planned.length };
}

async function sweptRun(
  scenario: Scenario,
  options: RunOptions,
  point: CutPoint,
  way: Way,
): Promise<SweptRun> {
  const rule = { when: point.when, do: way.fault };
  const result = await runScenario(scenario, { ...options, faults: [rule] });
  return { ...judge(result), point, way: way.name, rule };
}
