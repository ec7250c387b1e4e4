import type { MiniportRegistration } from '#shared/ndis/miniport-registration.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { isSriovOid, OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import {
  NDIS_DEFAULT_SWITCH_ID,
  NDIS_INVALID_RID,
  NDIS_INVALID_VF_FUNCTION_ID,
} from './function-id.ts';
import type { NicSwitchCache } from './nic-switch-cache.ts';
import { refuseShortStructure } from './structure-lengths.ts';
import { parseVfParameters } from './vf-parameters.ts';
import { parseFreeVfParameters } from './vf-requests.ts';

/**
 * What NDIS refuses by itself before a PF miniport sees it. An OID that the miniport does not list is
 * NDIS_STATUS_NOT_SUPPORTED, and so is one of SR-IOV or of the NIC switch while SR-IOV is not enabled.
 * NDIS leaves the contents of an OID to the miniport, with these exceptions:
 *
 * - a buffer that is too short for the structure. Documents differ on who reports that; the choice is
 *   NDIS for the fixed part, and the miniport for the rest.
 * - OID_NIC_SWITCH_ALLOCATE_VF with a switch other than the default one, or with a VFId or
 *   RequestorId that is already set, since both are the PF's answer.
 * - OID_NIC_SWITCH_FREE_VF of a VF that is not allocated, or has a VPort that was not deleted.
 * - a request that creates a VPort or moves a receive filter, as the VPorts of the switch have it.
 *
 * Source: Microsoft Learn: Issuing OID_NIC_SWITCH_ALLOCATE_VF Requests, OID_NIC_SWITCH_FREE_VF.
 */
export class OidPrecheck {
  readonly #cache: NicSwitchCache;
  readonly #registration: MiniportRegistration;

  constructor(cache: NicSwitchCache, registration: MiniportRegistration) {
    this.#cache = cache;
    this.#registration = registration;
  }

  /** The status that NDIS answers with; undefined when the miniport is to answer. */
  refuse(request: NdisOidRequest): NdisStatus | undefined {
    const { oid } = request;
    const isEnabled = this.#registration.sriovDisabled === undefined || !isSriovOid(oid);
    if (!isEnabled || !this.#registration.supports(oid)) {
      return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    }
    const short = refuseShortStructure(request);
    if (short !== undefined) return short;
    switch (oid) {
      case OID.OID_NIC_SWITCH_ALLOCATE_VF:
        return refuseAllocateVf(request);
      case OID.OID_NIC_SWITCH_FREE_VF:
        return this.#refuseFreeVf(request);
      default:
        return this.#cache.vports.refuse(request);
    }
  }

  #refuseFreeVf({ informationBuffer }: NdisOidRequest): NdisStatus | undefined {
    const vfId = parseFreeVfParameters(informationBuffer);
    if (vfId === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    const isFreeable = this.#cache.isAllocated(vfId) && !this.#cache.vports.isAttached(vfId);
    return isFreeable ? undefined : NDIS_STATUS.NDIS_STATUS_FILE_NOT_FOUND;
  }
}

function refuseAllocateVf({ informationBuffer }: NdisOidRequest): NdisStatus | undefined {
  const parameters = parseVfParameters(informationBuffer);
  const isRequest =
    parameters?.switchId === NDIS_DEFAULT_SWITCH_ID &&
    parameters.vfId === NDIS_INVALID_VF_FUNCTION_ID &&
    parameters.requestorId === NDIS_INVALID_RID;
  return isRequest ? undefined : NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
}
