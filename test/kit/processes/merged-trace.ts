import { MergeTrace } from '#cli/ladder/merge-trace.ts';
import { systemClock } from '#shared/time/system.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** The traces of several processes in one order, with numbers of their own. */
export interface MergedTrace {
  readonly events: readonly TraceEvent[];
  /** The number that an event of a process has here; undefined for one that is not here. */
  seqOf(trace: readonly TraceEvent[], seq: number): number | undefined;
}

/**
 * Puts whole traces into one order: each keeps its own, what was received comes behind its sending,
 * and time decides all else.
 */
export function mergedTrace(traces: readonly (readonly TraceEvent[])[]): MergedTrace {
  const numbers = traces.map(() => new Map<number, number>());
  const traceOf = new Map<TraceEvent, number>();
  const ordered: TraceEvent[] = [];
  const merge = new MergeTrace({
    clock: systemClock,
    capacity: Number.POSITIVE_INFINITY,
    onEvent: (event) => ordered.push(event),
  });
  traces.forEach((trace, index) => {
    for (const event of trace) traceOf.set(event, index);
    merge.push(String(index), trace);
  });
  merge.close();
  const events = ordered.map((event, index): TraceEvent => {
    const own = numbers[traceOf.get(event) ?? 0];
    const seq = index + 1;
    own?.set(event.seq, seq);
    const { cause } = event;
    return { ...event, seq, cause: cause === undefined ? undefined : (own?.get(cause) ?? 0) };
  });
  return { events, seqOf: (trace, seq) => numbers[traces.indexOf(trace)]?.get(seq) };
}
