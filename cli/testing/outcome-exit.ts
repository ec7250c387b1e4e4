import type { RunResult } from '#test/kit/scenario/run-scenario.ts';
import { judge, type Outcome } from '#test/kit/search/outcome.ts';

/**
 * Exit codes of the commands that judge runs: all holds, something is violated, nobody can tell; a
 * scenario that is broken was used wrongly.
 */
export const OUTCOME_EXIT: Readonly<Record<Outcome, number>> = {
  holds: 0,
  violated: 1,
  unknown: 2,
  broken: 2,
};

/** The worst of several outcomes: a violation, or else what leaves a doubt. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  return WORST_FIRST.find((each) => outcomes.includes(each)) ?? 'holds';
}

const WORST_FIRST = ['violated', 'broken', 'unknown'] as const;

/** What a run shows. From one with a fault that met nothing nobody can tell what that would have done. */
export function outcomeOf(result: RunResult): Outcome {
  const { outcome } = judge(result);
  return outcome === 'holds' && result.unfired.length > 0 ? 'unknown' : outcome;
}
