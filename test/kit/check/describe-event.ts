import { errnoName } from '#shared/linux/errno.ts';
import { ndisStatusName } from '#shared/ndis/ndis-status.ts';
import { ntStatusName } from '#shared/nt/ntstatus.ts';
import type { Hop } from '#shared/trace/hop.ts';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** An event in a few words, with its number: `READ_BLOCK 3 (event 30, 12.5 ms)`. */
export function describeEvent(event: TraceEvent, start: number): string {
  const parts = [event.name];
  if (event.blockId !== undefined) parts.push(`of block ${event.blockId}`);
  if (event.mask !== undefined) parts.push(`with mask ${shortMask(event.mask)}`);
  if (event.status !== undefined) parts.push(statusName(event.hop, event.status));
  parts.push(`(event ${event.seq}, ${round(event.at - start)} ms)`);
  return parts.join(' ');
}

/** The name of a status as a hop has it: NTSTATUS where no hop says. */
export function statusName(hop: HopName | undefined, status: number): string {
  const facts: Hop | undefined = hop && HOPS[hop];
  switch (facts?.status) {
    case 'ndis':
      return ndisStatusName(status);
    case 'errno':
      return errnoName(status);
    default:
      return ntStatusName(status);
  }
}

/** A mask without its leading zeros. */
export function shortMask(mask: string): string {
  return `0x${BigInt(mask).toString(16)}`;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
