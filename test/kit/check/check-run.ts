import type { Checker, Run, Verdict } from './checker.ts';
import { historyOf } from './history.ts';
import { invariants } from './index.ts';

/**
 * Holds a run to the invariants I1 to I10 and to further checkers. A checker with the id of an
 * invariant takes its place.
 */
export function checkRun(
  run: Omit<Run, 'history'>,
  checkers: readonly Checker[] = [],
): readonly Verdict[] {
  const own = invariants().map((each) => checkers.find(({ id }) => id === each.id) ?? each);
  const all = [...own, ...checkers.filter((each) => !own.includes(each))];
  const withHistory = { ...run, history: historyOf(run.events) };
  return all.map((checker) => checker.check(withHistory));
}
