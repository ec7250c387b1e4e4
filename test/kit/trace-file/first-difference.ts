import { isDeepStrictEqual } from 'node:util';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** Where two traces part: the number of the event from 0, and what each has there, if anything. */
export interface Difference {
  readonly index: number;
  readonly left: TraceEvent | undefined;
  readonly right: TraceEvent | undefined;
}

/**
 * The first event that two traces do not share; undefined when they are the same. `but` names members
 * in which an event may differ.
 */
export function firstDifference(
  left: readonly TraceEvent[],
  right: readonly TraceEvent[],
  but: readonly (keyof TraceEvent)[] = [],
): Difference | undefined {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    if (!isDeepStrictEqual(compared(left[index], but), compared(right[index], but))) {
      return { index, left: left[index], right: right[index] };
    }
  }
  return undefined;
}

/** A member that is undefined is as good as none: files do not have it. */
function compared(
  event: TraceEvent | undefined,
  but: readonly string[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(event ?? {}).filter(
      ([member, value]) => value !== undefined && !but.includes(member),
    ),
  );
}
