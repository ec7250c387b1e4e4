import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';

/** The small structures of the OIDs that name a VPort and little else. Source: ntddndis.h. */

/** NDIS_NIC_SWITCH_DELETE_VPORT_PARAMETERS: Header at 0, Flags at 4, VPortId at 8. */
export const SIZEOF_DELETE_VPORT_PARAMETERS = 12;

/**
 * NDIS_RECEIVE_FILTER_MOVE_FILTER_PARAMETERS: Header at 0, FilterId at 4, SourceQueueId at 8,
 * SourceVPortId at 12, DestQueueId at 16, DestVPortId at 20.
 */
export const SIZEOF_MOVE_FILTER_PARAMETERS = 24;

/** NDIS_DEFAULT_RECEIVE_QUEUE_ID: the one receive queue of a VPort. */
export const NDIS_DEFAULT_RECEIVE_QUEUE_ID = 0;

export function newDeleteVPortParameters(vportId: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_DELETE_VPORT_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_DELETE_VPORT_PARAMETERS);
  view.setUint32(8, vportId, true);
  return bytes;
}

/** The VPortId to delete; undefined when the buffer holds no such structure. */
export function parseDeleteVPortParameters(bytes: Uint8Array): number | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_DELETE_VPORT_PARAMETERS)) return undefined;
  return viewOf(bytes).getUint32(8, true);
}

/** Which receive filter moves, and between which VPorts. */
export interface FilterMove {
  readonly filterId: number;
  readonly sourceVPortId: number;
  readonly destVPortId: number;
}

/** A move between the default receive queues of two VPorts: a VPort has no other. */
export function newMoveFilterParameters(move: FilterMove): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_MOVE_FILTER_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_MOVE_FILTER_PARAMETERS);
  view.setUint32(4, move.filterId, true);
  view.setUint32(8, NDIS_DEFAULT_RECEIVE_QUEUE_ID, true);
  view.setUint32(12, move.sourceVPortId, true);
  view.setUint32(16, NDIS_DEFAULT_RECEIVE_QUEUE_ID, true);
  view.setUint32(20, move.destVPortId, true);
  return bytes;
}

/** What is in the structure; undefined when the buffer holds none. */
export function parseMoveFilterParameters(
  bytes: Uint8Array,
): (FilterMove & { readonly sourceQueueId: number; readonly destQueueId: number }) | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_MOVE_FILTER_PARAMETERS)) return undefined;
  const view = viewOf(bytes);
  return {
    filterId: view.getUint32(4, true),
    sourceQueueId: view.getUint32(8, true),
    sourceVPortId: view.getUint32(12, true),
    destQueueId: view.getUint32(16, true),
    destVPortId: view.getUint32(20, true),
  };
}
