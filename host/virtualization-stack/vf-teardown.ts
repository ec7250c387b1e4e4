import type { OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { NDIS_DEFAULT_VPORT_ID } from '../ndis/vport-id.ts';
import { deleteVPort, freeVf, moveFilter, resetVf } from './vf-oids.ts';
import type { VfResources } from './vf-resources.ts';

/**
 * The requests that take a VF back once its guest has halted it, or does not have it any more, in the
 * documented order. A step that the bring-up did not come to is left out. They are issued at once: one
 * that fails does not keep those behind it from being tried.
 *
 * A figure of the documents names OID_NIC_SWITCH_FREE_VPORT, which does not exist; its text names
 * OID_NIC_SWITCH_DELETE_VPORT. Source: Microsoft Learn: Virtual Function Teardown Sequence.
 */
export function teardownOf(vf: VfResources): readonly OidRequestParameters[] {
  const { vfId, origin } = vf;
  return [...moveFilterBack(vf), ...detachVPort(vf), resetVf(vfId, origin), freeVf(vfId, origin)];
}

function moveFilterBack(vf: VfResources): readonly OidRequestParameters[] {
  const { filterId, filterVPortId: sourceVPortId, origin } = vf;
  if (sourceVPortId === NDIS_DEFAULT_VPORT_ID) return [];
  return [moveFilter({ filterId, sourceVPortId, destVPortId: NDIS_DEFAULT_VPORT_ID }, origin)];
}

function detachVPort({ vportId, origin }: VfResources): readonly OidRequestParameters[] {
  return vportId === undefined ? [] : [deleteVPort(vportId, origin)];
}
