import type { TraceEvent } from '#shared/trace/trace.ts';
import type { Run } from './checker.ts';
import { isWithin } from './scenario-end.ts';

const HOP_OF_PACKET = /^(host|guest)(Packet|Completion)(Sent|Received)$/;

/**
 * Whether something that the same side sent later than a packet has arrived: no channel lets one
 * overtake another, so that what has not arrived by then is lost.
 */
export function isOvertaken(run: Run, sent: TraceEvent): boolean {
  const [, from] = HOP_OF_PACKET.exec(sent.hop) ?? [];
  const later = new Set<string>();
  return run.events.some((event) => {
    const isAfter = event.seq > sent.seq && isWithin(run, event);
    if (!isAfter || event.device !== sent.device || event.generation !== sent.generation) {
      return false;
    }
    const [, side, kind, step] = HOP_OF_PACKET.exec(event.hop) ?? [];
    if (side === undefined || side !== from) return false;
    const packet = `${kind} ${event.transactionId}`;
    if (step === 'Sent') later.add(packet);
    return step === 'Received' && later.has(packet);
  });
}
