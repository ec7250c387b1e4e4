import type { Outcome } from '#test/kit/search/outcome.ts';

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
