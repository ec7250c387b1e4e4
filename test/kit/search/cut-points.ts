import type { TraceEvent } from '#shared/trace/trace.ts';
import type { When } from '../faults/when.ts';

/** A place in a run where something may befall it: one event, told from all others by its number. */
export interface CutPoint {
  readonly when: When & { readonly hop: TraceEvent['hop']; readonly name: string };
  /** The event in the run that the point was taken from. */
  readonly seq: number;
}

/** Every event of a run as a cut point. */
export function cutPoints(events: readonly TraceEvent[]): readonly CutPoint[] {
  const counts = new Map<string, number>();
  return events.map(({ hop, name, device, seq }) => {
    const key = `${hop} ${name} ${device}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    // A point without a device is met by the events of every device: their numbers would differ.
    const when = device === undefined ? { hop, name, nth } : { hop, name, device, nth };
    return { when, seq };
  });
}
