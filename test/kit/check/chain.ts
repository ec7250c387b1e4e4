import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** The hop at which a packet was sent that a hop receives; undefined for any other hop. */
function sendingOf(hop: HopName): string | undefined {
  return hop.endsWith('Received') ? `${hop.slice(0, -'Received'.length)}Sent` : undefined;
}

/**
 * What led to an event, from the first of its causes to itself: each event's cause, and across the
 * partition boundary the sending of what was received.
 */
export function chainTo(events: readonly TraceEvent[], event: TraceEvent): readonly TraceEvent[] {
  const bySeq = new Map(events.map((each) => [each.seq, each]));
  const chain: TraceEvent[] = [];
  for (let at: TraceEvent | undefined = event; at !== undefined; at = before(events, bySeq, at)) {
    chain.unshift(at);
  }
  return chain;
}

function before(
  events: readonly TraceEvent[],
  bySeq: ReadonlyMap<number, TraceEvent>,
  event: TraceEvent,
): TraceEvent | undefined {
  const { seq, hop, name, device, transactionId, cause } = event;
  const sending = sendingOf(hop);
  if (sending !== undefined) {
    return events.findLast(
      (each) =>
        each.seq < seq &&
        each.hop === sending &&
        each.name === name &&
        each.device === device &&
        each.transactionId === transactionId,
    );
  }
  const found = cause === undefined ? undefined : bySeq.get(cause);
  return found !== undefined && found.seq < seq ? found : undefined;
}
