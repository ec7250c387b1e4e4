import type { HopName } from '#shared/trace/hops.ts';
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
  /** Masks as they reached the driver of a VF: by an OID, its own IOCTL, or a callback of Linux. */
  readonly deliveries: readonly MaskEvent[];
}

export function historyOf(events: readonly TraceEvent[]): History {
  return {
    lives: lives(events),
    requests: blockRequests(events),
    invalidations: masksAt(events, 'ndisMInvalidateConfigBlock'),
    deliveries: deliveries(events),
  };
}

function deliveries(events: readonly TraceEvent[]): readonly MaskEvent[] {
  // A VF miniport on Linux is told by NDIS of what pci-hyperv has called NDIS for.
  const miniports = new Set(
    events.filter(({ hop }) => hop === 'vfMiniportInitializeEx').map(({ device }) => device),
  );
  return masksAt(events, 'vfMiniportOidRequest', 'vfIoCompleteRequest', 'blockInvalidate').filter(
    ({ event }) => event.hop !== 'blockInvalidate' || !miniports.has(event.device),
  );
}

function masksAt(events: readonly TraceEvent[], ...hops: HopName[]): readonly MaskEvent[] {
  return events.flatMap((event) =>
    hops.includes(event.hop) && event.mask !== undefined
      ? [{ event, mask: BigInt(event.mask) }]
      : [],
  );
}
