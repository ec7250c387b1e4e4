import { printable } from '../text/printable.ts';
import { eventDetails } from './event-details.ts';
import { ACTOR_TITLES, type Hop } from './hop.ts';
import { HOPS } from './hops.ts';
import type { TraceEvent } from './trace.ts';

/**
 * An event as one line of plain text without its time, for a log:
 * `VPCI driver -> virtualization stack: READ_BLOCK block 0 16 B #3 g1/0 [guestPacketSent]`.
 */
export function formatEvent(event: TraceEvent): string {
  const hop: Hop = HOPS[event.hop];
  const way =
    hop.from === hop.to
      ? ACTOR_TITLES[hop.from]
      : `${ACTOR_TITLES[hop.from]} -> ${ACTOR_TITLES[hop.to]}`;
  const details = eventDetails(event).map((detail) => ` ${detail.text}`);
  return printable(`${way}: ${event.name}${details.join('')} [${event.hop}]`);
}
