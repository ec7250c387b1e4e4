import type { TraceEvent } from '#shared/trace/trace.ts';

/** An event with this number, of VF 0 unless a test says otherwise. */
export function eventOf(seq: number, fields: Partial<TraceEvent> = {}): TraceEvent {
  const at = 1_700_000_000_000 + seq;
  return { seq, at, hop: 'oidRequest', name: 'OID_SRIOV_RESET_VF', vfId: 0, ...fields };
}

/** The events numbered from `first` to `last`. */
export function eventsOf(first: number, last: number): TraceEvent[] {
  return Array.from({ length: last - first + 1 }, (_, index) => eventOf(first + index));
}
