import type { TraceEvent } from '#shared/trace/trace.ts';

/** Many more events than any burst of a driver that ever lets time pass. */
const MOST_EVENTS_AT_ONCE = 500_000;

/**
 * A listener that calls `stop` when drivers keep each other busy and no time passes: nothing else
 * would ever get its turn, and the events would fill the memory.
 */
export function livelockGuard(
  stop: () => void,
  most = MOST_EVENTS_AT_ONCE,
): (event: TraceEvent) => void {
  let last = Number.NaN;
  let count = 0;
  return ({ at }) => {
    if (at !== last) {
      last = at;
      count = 0;
    }
    count++;
    if (count === most) stop();
  };
}
