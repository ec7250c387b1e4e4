import { reasonsOf } from '../check/checker.ts';
import type { RunResult } from '../scenario/run-scenario.ts';
import { mayEndEarly } from './ways.ts';

/** What a run says of the drivers in it; a scenario that is broken says nothing. */
export type Outcome = 'holds' | 'violated' | 'unknown' | 'broken';

/** What a run showed, and what it rests on. */
export interface Judgement {
  readonly outcome: Outcome;
  /** The sentences of the verdicts that decided, each with the id of its checker. */
  readonly why: readonly string[];
}

/**
 * Judges a run: by its verdicts, by what the verifier says of the miniports, and by whether the scenario
 * came to its end. A scenario that a fault kept from its end proves nothing against anyone, unless all
 * that befell it was delay. One that used its world wrongly, or threw of itself, is broken, unless a
 * rule was violated before it threw.
 */
export function judge(result: RunResult): Judgement {
  const { failure, broken, verdicts, faults } = result;
  if (broken === 'used wrongly') return { outcome: 'broken', why: [`the scenario: ${failure}`] };
  const isExcused = faults.some(({ fault }) => mayEndEarly(fault));
  const stopped = failure === undefined || isExcused ? [] : [`the scenario: ${failure}`];
  const why = verdicts.filter(({ holds }) => holds === false).flatMap(reasonsOf);
  why.push(...result.breaches.map((breach) => `the verifier: ${breach}`));
  if (broken === undefined || why.length > 0) why.push(...stopped);
  if (why.length > 0) return { outcome: 'violated', why };
  if (stopped.length > 0) return { outcome: 'broken', why: stopped };
  const doubts = verdicts.filter(({ holds }) => holds === 'unknown');
  return {
    outcome: doubts.length > 0 ? 'unknown' : 'holds',
    why: doubts.flatMap(reasonsOf),
  };
}

/** Whether there is nothing to search for, since a run goes wrong that nothing befalls. */
export function breaksByItself({ outcome }: Judgement): boolean {
  return outcome === 'violated' || outcome === 'broken';
}
