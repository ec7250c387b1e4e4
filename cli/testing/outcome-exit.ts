import type { RunResult } from '#test/kit/scenario/run-scenario.ts';
import { judge, type Outcome } from '#test/kit/search/outcome.ts';

/** Exit codes of the commands that judge runs: all holds, something is violated, nobody can tell. */
export const OUTCOME_EXIT: Readonly<Record<Outcome, number>> = {
  holds: 0,
  violated: 1,
  unknown: 2,
};

/** The worst of several outcomes: a violation, or else a doubt. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('violated')) return 'violated';
  return outcomes.includes('unknown') ? 'unknown' : 'holds';
}

/** What a run shows. From one with a fault that met nothing nobody can tell what that would have done. */
export function outcomeOf(result: RunResult): Outcome {
  const { outcome } = judge(result);
  return outcome === 'holds' && result.unfired.length > 0 ? 'unknown' : outcome;
}
