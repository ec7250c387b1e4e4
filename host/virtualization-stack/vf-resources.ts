import type { OidOrigin } from '#shared/ndis/oid-request.ts';
import { NDIS_DEFAULT_VPORT_ID } from '../ndis/vport-id.ts';

/**
 * What the virtualization stack has of the PF for one VF: the VF itself, and what the steps of the
 * bring-up have added to it, which the teardown is to take back.
 */
export class VfResources {
  readonly vfId: number;
  readonly origin: OidOrigin;
  /** The VPort that is attached to the VF; undefined while there is none. */
  vportId: number | undefined;
  /** The VPort on which the receive filter of the VM's network adapter is. */
  filterVPortId = NDIS_DEFAULT_VPORT_ID;
  /** Whether the bring-up is over, however it ended. The teardown begins no earlier. */
  isBroughtUp = false;

  constructor(vfId: number, origin: OidOrigin) {
    this.vfId = vfId;
    this.origin = origin;
  }

  /**
   * The receive filter of the VM's network adapter. On Windows it is set on the default VPort before
   * there is a VF, with OID_RECEIVE_FILTER_SET_FILTER, which belongs to the data path. The choice is
   * one filter for each VF instance, with the number of the instance.
   */
  get filterId(): number {
    return this.origin.generation;
  }
}
