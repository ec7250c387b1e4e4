import { isDeepStrictEqual } from 'node:util';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** Where two traces part: the number of the event from 0, and what each has there, if anything. */
export interface Difference {
  readonly index: number;
  readonly left: TraceEvent | undefined;
  readonly right: TraceEvent | undefined;
}

/** The first event that two traces do not share; undefined when they are the same. */
export function firstDifference(
  left: readonly TraceEvent[],
  right: readonly TraceEvent[],
): Difference | undefined {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    if (!isSame(left[index], right[index])) {
      return { index, left: left[index], right: right[index] };
    }
  }
  return undefined;
}

/** A member that is undefined is as good as none: files do not have it. */
function isSame(left: TraceEvent | undefined, right: TraceEvent | undefined): boolean {
  return isDeepStrictEqual(defined(left), defined(right));
}

function defined(event: TraceEvent | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(event ?? {}).filter(([, value]) => value !== undefined));
}
