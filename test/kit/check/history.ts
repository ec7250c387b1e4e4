import type { TraceEvent } from '#shared/trace/trace.ts';
import { type BlockRequest, blockRequests } from './block-requests.ts';
import { type Life, lives } from './lives.ts';

/** A mask that the PF gave to NdisMInvalidateConfigBlock, or that reached a VF miniport. */
export interface MaskEvent {
  readonly event: TraceEvent;
  readonly mask: bigint;
}

/** A run in the terms of its drivers: requests, masks and lives, each with the events it is made of. */
export interface History {
  readonly lives: readonly Life[];
  readonly requests: readonly BlockRequest[];
  /** NdisMInvalidateConfigBlock, as it was called. */
  readonly invalidations: readonly MaskEvent[];
  /** OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK, as it reached a VF miniport. */
  readonly deliveries: readonly MaskEvent[];
}

export function historyOf(events: readonly TraceEvent[]): History {
  return {
    lives: lives(events),
    requests: blockRequests(events),
    invalidations: masksAt(events, 'ndisMInvalidateConfigBlock'),
    deliveries: masksAt(events, 'vfMiniportOidRequest'),
  };
}

function masksAt(events: readonly TraceEvent[], hop: TraceEvent['hop']): readonly MaskEvent[] {
  return events.flatMap((event) =>
    event.hop === hop && event.mask !== undefined ? [{ event, mask: BigInt(event.mask) }] : [],
  );
}
