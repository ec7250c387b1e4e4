import type { HopName } from './hops.ts';
import type { TraceEntry } from './trace.ts';
import type { VfIdentity } from './vf-identity.ts';

/**
 * What a hop of a VF reports. Every member is named, in the order of an event: entries of one shape
 * are read several times as fast as those that spreading makes.
 */
export function vfEntry(
  hop: HopName,
  name: string,
  identity: VfIdentity,
  entry: Partial<TraceEntry>,
): TraceEntry {
  return {
    hop,
    name,
    device: identity.device,
    vfId: identity.vfId,
    generation: identity.generation,
    transactionId: entry.transactionId,
    blockId: entry.blockId,
    length: entry.length,
    data: entry.data,
    mask: entry.mask,
    status: entry.status,
    cause: entry.cause,
    note: entry.note,
  };
}
