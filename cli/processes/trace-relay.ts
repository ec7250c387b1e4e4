import type { Clock, Timer } from '#shared/time/clock.ts';
import type { Trace, TraceEvent } from '#shared/trace/trace.ts';
import { isSupervised, reportToParent } from './supervision.ts';

/** How long events are gathered before they go to the parent in one piece. */
const BATCH_MS = 20;
/** How many events may wait; beyond them the oldest are dropped, since the parent cannot keep up. */
const MAX_BATCH = 5_000;

/**
 * Sends the trace of a supervised process to its parent. Returns what sends the rest and stops, and
 * resolves once that is on its way.
 */
export function relayTrace(trace: Trace, clock: Clock): () => Promise<void> {
  if (!isSupervised()) return () => Promise.resolve();
  let events: TraceEvent[] = [];
  let timer: Timer | undefined;
  const flush = (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    const batch = events;
    events = [];
    return reportToParent({ type: 'trace', events: batch });
  };
  const stopListening = trace.listen((event) => {
    if (events.length >= MAX_BATCH) events.shift();
    events.push(event);
    timer ??= clock.setTimer(BATCH_MS, () => void flush());
  });
  return () => {
    stopListening();
    return flush();
  };
}
