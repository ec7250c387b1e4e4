import { ACTORS, type Actor } from '#shared/trace/hop.ts';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { covers } from '../check/masks-of-block.ts';

/**
 * Which event of the trace is meant, by what the event shows; a member that is left out allows
 * everything. `{ hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK', device: 'g1/0', nth: 2 }` is the
 * second INVALIDATE_BLOCK that the host sends to VF 0 of guest g1.
 */
export interface When {
  /** The hop, as `HOPS` names it. */
  readonly hop?: HopName;
  /** The documented name of what travels: an OID, an IOCTL, a message or a function. */
  readonly name?: string;
  /** Whence the hop comes, where it may be any: `pf-miniport`, `vpci` … */
  readonly from?: Actor;
  /** Which VF of which guest: `g1/0`. */
  readonly device?: string;
  readonly vfId?: number;
  /** Of an event with a mask: a block whose bit is in it. */
  readonly blockId?: number;
  readonly status?: number;
  /** Only the occurrence with this number, from 1, of those that match all else. */
  readonly nth?: number;
  /** Whatever the other members cannot say. A rule with one cannot be written to a file. */
  readonly where?: (event: TraceEvent) => boolean;
}

/** Whether an event is meant, but for its number. */
export function matches(when: When, event: TraceEvent): boolean {
  return (
    isOneOf(when.hop, event.hop) &&
    isOneOf(when.name, event.name) &&
    isOneOf(when.from, HOPS[event.hop].from) &&
    isOneOf(when.device, event.device) &&
    isOneOf(when.vfId, event.vfId) &&
    (when.blockId === undefined || isOfBlock(event, when.blockId)) &&
    isOneOf(when.status, event.status) &&
    (when.where === undefined || when.where(event))
  );
}

function isOneOf<T>(wanted: T | undefined, found: T | undefined): boolean {
  return wanted === undefined || wanted === found;
}

function isOfBlock({ blockId, mask }: TraceEvent, wanted: number): boolean {
  return blockId === wanted || (mask !== undefined && covers(wanted, BigInt(mask)));
}

/** Counts occurrences, so that the nth can be told from the others. */
export class Occurrences {
  readonly #when: When;
  #count: number;

  /** @param before how many there have been already */
  constructor(when: When, before = 0) {
    this.#when = when;
    this.#count = before;
  }

  /** Whether this event is the one, or one of those, that is meant. */
  isMeant(event: TraceEvent): boolean {
    if (!matches(this.#when, event)) return false;
    this.#count++;
    return this.#when.nth === undefined || this.#when.nth === this.#count;
  }
}

/** The event that is meant, in words: `the 2nd INVALIDATE_BLOCK at hostPacketSent of g1/0`. */
export function describeWhen(when: When): string {
  const what = when.name ?? 'event';
  const parts = [when.nth === undefined ? `every ${what}` : `${what} number ${when.nth}`];
  if (when.hop !== undefined) parts.push(`at ${when.hop}`);
  if (when.from !== undefined) parts.push(`from ${when.from}`);
  if (when.device !== undefined) parts.push(`of ${when.device}`);
  if (when.vfId !== undefined) parts.push(`of VF ${when.vfId}`);
  if (when.blockId !== undefined) parts.push(`for block ${when.blockId}`);
  if (when.where !== undefined) parts.push('that a predicate picks');
  return parts.join(' ');
}

const MEMBERS: Readonly<Record<keyof When, true>> = {
  hop: true,
  name: true,
  from: true,
  device: true,
  vfId: true,
  blockId: true,
  status: true,
  nth: true,
  where: true,
};

/** Checks what a file or a caller in JavaScript gave: a name that no hop has would never match. */
export function whenProblem(when: When): string | undefined {
  const stranger = Object.keys(when).find((key) => !Object.hasOwn(MEMBERS, key));
  if (stranger !== undefined) {
    return `a when has no ${stranger}; it may have ${Object.keys(MEMBERS).join(', ')}`;
  }
  if (when.hop !== undefined && !Object.hasOwn(HOPS, when.hop)) {
    return `${String(when.hop)} is no hop; there are ${Object.keys(HOPS).join(', ')}`;
  }
  if (when.from !== undefined && !ACTORS.includes(when.from)) {
    return `${String(when.from)} is no actor; there are ${ACTORS.join(', ')}`;
  }
  if (when.nth !== undefined && !(Number.isInteger(when.nth) && when.nth >= 1)) {
    return `nth counts from 1, and is ${String(when.nth)}`;
  }
  return undefined;
}
