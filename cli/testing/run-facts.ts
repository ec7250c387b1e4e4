import type { RunResult } from '#test/kit/scenario/run-scenario.ts';
import { judge } from '#test/kit/search/outcome.ts';
import { outcomeOf } from './outcome-exit.ts';

/** What --json prints of a run: all of it but its events, of which it has the number. */
export function runFacts(result: RunResult): object {
  const { events, versions: _versions, own: _own, ...rest } = result;
  return { ...rest, outcome: outcomeOf(result), why: judge(result).why, events: events.length };
}
