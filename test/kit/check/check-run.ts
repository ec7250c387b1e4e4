import { messageOf } from '#shared/message-of.ts';
import { type Checker, type Run, type Verdict, verdict } from './checker.ts';
import { historyOf } from './history.ts';
import { invariants } from './index.ts';

/**
 * Holds a run to the invariants I1 to I10 and to further checkers. A checker with the id of an
 * invariant takes its place.
 */
export function checkRun(
  run: Omit<Run, 'history'> & Partial<Pick<Run, 'history'>>,
  checkers: readonly Checker[] = [],
): readonly Verdict[] {
  const own = invariants().map((each) => checkers.find(({ id }) => id === each.id) ?? each);
  const all = [...own, ...checkers.filter((each) => !own.includes(each))];
  const withHistory = { ...run, history: run.history ?? historyOf(run.events) };
  return all.map((checker) => verdictOf(checker, withHistory));
}

/** The verdict of a checker; one that throws could not tell. */
function verdictOf(checker: Checker, run: Run): Verdict {
  try {
    return checker.check(run);
  } catch (error) {
    const why = `the checker threw: ${messageOf(error)}`;
    return verdict(checker.id, [], [{ why, events: [] }]);
  }
}
