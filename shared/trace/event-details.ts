import { shortMask } from '../vpci/config-block.ts';
import { DEFAULT_PF_NAME } from './pf-trace.ts';
import type { TraceEvent } from './trace.ts';
import { eventFailed, eventStatusName } from './trace-filter.ts';

/** One thing to say of an event beside its name. */
export interface EventDetail {
  readonly kind: 'failure' | 'payload' | 'status' | 'transaction' | 'device' | 'note';
  readonly text: string;
}

/** All that an event says beside hop and name, what matters most first: `block 5`, `16 B`, `#3`. */
export function eventDetails(event: TraceEvent): readonly EventDetail[] {
  const details: EventDetail[] = [];
  const add = (kind: EventDetail['kind'], text: string | undefined): void => {
    if (text !== undefined && text !== '') details.push({ kind, text });
  };
  const status = eventStatusName(event);
  const failed = eventFailed(event);
  if (failed) add('failure', status);
  add('payload', event.blockId === undefined ? undefined : `block ${event.blockId}`);
  if (!failed) add('payload', event.length === undefined ? undefined : `${event.length} B`);
  add('payload', event.mask === undefined ? undefined : `mask ${shortMask(event.mask)}`);
  if (!failed) add('status', status);
  add('transaction', event.transactionId === undefined ? undefined : `#${event.transactionId}`);
  add('device', deviceText(event));
  add('note', event.note === undefined ? undefined : `(${event.note})`);
  return details;
}

/**
 * `g1/0 pf1 VF 1 gen 2`, of which each part may be missing; that a PF is the one which nobody has
 * named and that a generation is the first go without saying.
 */
function deviceText({ device, pf, vfId, generation }: TraceEvent): string {
  const parts = [device];
  if (pf !== DEFAULT_PF_NAME) parts.push(pf);
  if (vfId !== undefined) parts.push(`VF ${vfId}`);
  if (generation !== undefined && generation > 1) parts.push(`gen ${generation}`);
  return parts.filter((part) => part !== undefined).join(' ');
}
