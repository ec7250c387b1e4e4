import { reasonsOf } from '../check/checker.ts';
import type { RunResult } from '../scenario/run-scenario.ts';
import { mayEndEarly } from './ways.ts';

/** What a run says of the drivers in it. */
export type Outcome = 'holds' | 'violated' | 'unknown';

/** What a run showed, and what it rests on. */
export interface Judgement {
  readonly outcome: Outcome;
  /** The sentences of the verdicts that decided, each with the id of its checker. */
  readonly why: readonly string[];
}

/**
 * Judges a run: by its verdicts, and by whether the scenario came to its end. A scenario that a fault
 * kept from its end proves nothing against anyone, unless all that befell it was delay.
 */
export function judge(result: RunResult): Judgement {
  const why = result.verdicts.filter(({ holds }) => holds === false).flatMap(reasonsOf);
  const isExcused = result.faults.some(({ fault }) => mayEndEarly(fault));
  if (result.failure !== undefined && !isExcused) why.push(`the scenario: ${result.failure}`);
  if (why.length > 0) return { outcome: 'violated', why };
  const doubts = result.verdicts.filter(({ holds }) => holds === 'unknown');
  return {
    outcome: doubts.length > 0 ? 'unknown' : 'holds',
    why: doubts.flatMap(reasonsOf),
  };
}
