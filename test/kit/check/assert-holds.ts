import type { RunResult } from '../scenario/run-scenario.ts';
import { judge } from '../search/outcome.ts';
import { reasonsOf, type Verdict } from './checker.ts';

/** A run that did not show what a test wants of it; the message has a line for each reason. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/**
 * Asserts that every rule held, that the scenario came to its end, unless a fault kept it from that,
 * and that every fault met an event. Takes what `runScenario` or `world.check` returns; needs no test
 * framework.
 *
 * @throws {@link RunError} with the sentences that say why not. A rule of which nobody can tell
 * whether it held did not hold.
 */
export function assertHolds(run: RunResult | readonly Verdict[]): void {
  const reasons = isResult(run)
    ? [...judge(run).why, ...run.unfired.map(unfiredText)]
    : run.flatMap(reasonsOf);
  if (reasons.length > 0) throw new RunError(reasons.join('\n'));
}

/** @throws {@link RunError} naming the faults that met no event, in words */
export function assertFired(unfired: readonly string[]): void {
  if (unfired.length > 0) throw new RunError(unfired.map(unfiredText).join('\n'));
}

function isResult(run: RunResult | readonly Verdict[]): run is RunResult {
  return 'verdicts' in run;
}

function unfiredText(rule: string): string {
  return `no event met the fault "${rule}": the run shows nothing about it`;
}
