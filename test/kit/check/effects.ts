import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** The events of a hop that an event led to, in order; none for no event. */
export type Effects = (event: TraceEvent | undefined, hop: HopName) => readonly TraceEvent[];

export function byCause(events: readonly TraceEvent[]): Effects {
  const effects = new Map<number, TraceEvent[]>();
  for (const event of events) {
    if (event.cause === undefined || event.cause === 0) continue;
    const known = effects.get(event.cause);
    if (known === undefined) effects.set(event.cause, [event]);
    else known.push(event);
  }
  return (event, hop) =>
    event === undefined ? [] : (effects.get(event.seq) ?? []).filter((each) => each.hop === hop);
}
