import type { Clock, Timer } from '#shared/time/clock.ts';
import type { Trace, TraceEvent } from '#shared/trace/trace.ts';
import { isSupervised, reportToParent } from './supervision.ts';

/** How long events are gathered before they go to the parent in one piece. */
const BATCH_MS = 20;
/** How many events may wait; beyond them the oldest are dropped, since the parent cannot keep up. */
const MAX_BATCH = 5_000;

/** Sends the trace of a supervised process to its parent; returns what sends the rest and stops. */
export function relayTrace(trace: Trace, clock: Clock): () => void {
  if (!isSupervised()) return () => {};
  let events: TraceEvent[] = [];
  let timer: Timer | undefined;
  const flush = (): void => {
    timer?.cancel();
    timer = undefined;
    if (events.length > 0) reportToParent({ type: 'trace', events });
    events = [];
  };
  const stopListening = trace.listen((event) => {
    if (events.length >= MAX_BATCH) events.shift();
    events.push(event);
    timer ??= clock.setTimer(BATCH_MS, flush);
  });
  return () => {
    stopListening();
    flush();
  };
}
