import { checkRun } from '../check/check-run.ts';
import { type Checker, type Verdict, verdict } from '../check/checker.ts';
import type { RunResult } from '../scenario/run-scenario.ts';
import type { TraceFile } from './trace-file.ts';

const NO_VERSIONS =
  'the file does not say which versions the blocks had, nor that the scenario has none';

/**
 * The run of a file, held to the invariants I1 to I10 again. The checkers of its scenario are not in the
 * file, but what they found is.
 */
export function checkTraceFile({ header, events, faults, versions }: TraceFile): RunResult {
  const {
    leftovers = [],
    dead,
    end,
    failure,
    broken,
    breaches = [],
    unfired = [],
    hash,
    own = [],
  } = header;
  const run = { events, faults, leftovers: header.leftovers, dead, end, versions };
  const kept = own.map(
    ({ rule, ...found }): Checker => ({ id: found.id, rule, check: (): Verdict => found }),
  );
  const verdicts = checkRun(run, kept).map((each) =>
    each.id === 'I5' && each.holds === true && versions === undefined
      ? verdict('I5', [], [{ why: NO_VERSIONS, events: [] }])
      : each,
  );
  const judged = { verdicts, breaches, failure, broken, leftovers, dead, end };
  return { events, faults, unfired, ...judged, hash, versions, own };
}
