import { DURATION, type Duration, durationOf } from '../duration.ts';
import type { Fault } from './fault.ts';
import { VERBS } from './verbs.ts';
import { whenProblem } from './when.ts';

/** As long as a world waits for anything. */
const LONGEST_DELAY_MS = 3_600_000;

/** Checks a fault that a file or a caller in JavaScript gave: why it cannot be done as it is written. */
export function faultProblem(fault: Fault): string | undefined {
  if (!Object.hasOwn(VERBS, fault.verb)) {
    return `${String(fault.verb)} is no verb; there are ${Object.keys(VERBS).join(', ')}`;
  }
  switch (fault.verb) {
    case 'delay':
      return delayProblem(fault.by);
    case 'hold':
    case 'stopReading':
      return whenProblem(fault.until);
    case 'kill':
      return fault.side === 'guest' || fault.side === 'host'
        ? undefined
        : `kill takes 'guest' or 'host', and was given ${String(fault.side)}`;
    case 'reorder':
      return countProblem('reorder', fault.behind, 1);
    case 'truncate':
    case 'pad':
      return countProblem(fault.verb, fault.bytes, 0);
    case 'truncateFrame':
      return countProblem('truncateFrame', fault.characters, 0);
    case 'overrideStatus':
      return countProblem('overrideStatus', fault.status, 0);
    default:
      return undefined;
  }
}

/** Why nothing can be delayed by this. */
export function delayProblem(by: Duration): string | undefined {
  const time = durationOf(by);
  if (time === undefined) return `delay takes ${DURATION}, and was given ${String(by)}`;
  return time <= LONGEST_DELAY_MS ? undefined : `delay takes an hour at most, and was given ${by}`;
}

function countProblem(verb: string, count: number, least: number): string | undefined {
  return Number.isInteger(count) && count >= least
    ? undefined
    : `${verb} takes a whole number of at least ${least}, and was given ${String(count)}`;
}
