import type { TraceEvent } from '#shared/trace/trace.ts';
import { eventStatusName } from '#shared/trace/trace-filter.ts';

/** The first event with each status that a hop of a VF reported, by the status' name. */
export type Statuses = Map<string, TraceEvent>;

/**
 * What came of whatever reports a status, by hop, name, VF and block. How often it came is left out: a
 * driver that asks again after a while asks as often as time allows.
 */
export function statusesOf(events: readonly TraceEvent[]): ReadonlyMap<string, Statuses> {
  const places = new Map<string, Statuses>();
  for (const event of events) {
    const status = eventStatusName(event);
    if (status === undefined) continue;
    const place = placeOf(event);
    const statuses = places.get(place) ?? new Map<string, TraceEvent>();
    places.set(place, statuses);
    if (!statuses.has(status)) statuses.set(status, event);
  }
  return places;
}

/** Where an event belongs: `READ_BLOCK of block 3 at hostPacketSent of g1/0`. */
export function placeOf({ hop, name, device, blockId }: TraceEvent): string {
  const block = blockId === undefined ? '' : ` of block ${blockId}`;
  return `${name}${block} at ${hop} of ${device ?? 'the PF'}`;
}

/** The names of statuses, for a sentence. */
export function namesIn(statuses: Statuses | undefined): string {
  return statuses === undefined ? 'nothing' : [...statuses.keys()].sort().join(' and ');
}
