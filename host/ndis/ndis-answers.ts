import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID, type Oid } from '#shared/ndis/oid.ts';
import {
  NDIS_REQUEST_TYPE,
  type NdisOidRequest,
  type NdisRequestType,
} from '#shared/ndis/oid-request.ts';
import { answerWith, roomOf } from '#shared/ndis/query-answer.ts';
import type { NicSwitchCache } from './nic-switch-cache.ts';
import { newNicSwitchInfoArray } from './nic-switch-info.ts';
import { newPfLuidInfo } from './pf-luid-info.ts';
import { isVfInfoQuery, newVfInfoArray, SIZEOF_VF_INFO, SIZEOF_VF_INFO_ARRAY } from './vf-info.ts';
import { parseVfParameters, SIZEOF_VF_PARAMETERS } from './vf-parameters.ts';

const { NdisRequestQueryInformation, NdisRequestMethod } = NDIS_REQUEST_TYPE;

/**
 * The OIDs that NDIS answers and a PF miniport is never asked, and the request type of each. The
 * table of SR-IOV OIDs has a query where the OID's own page and ntddndis.h have a method request, and
 * gives OID_NIC_SWITCH_VF_PARAMETERS to the PF; the page and the header are followed.
 *
 * Source: Microsoft Learn: SR-IOV OIDs, and the page of each.
 */
const REQUEST_TYPES: ReadonlyMap<Oid, NdisRequestType> = new Map([
  [OID.OID_NIC_SWITCH_ENUM_SWITCHES, NdisRequestQueryInformation],
  [OID.OID_NIC_SWITCH_VF_PARAMETERS, NdisRequestMethod],
  [OID.OID_NIC_SWITCH_ENUM_VFS, NdisRequestMethod],
  [OID.OID_SRIOV_HARDWARE_CAPABILITIES, NdisRequestQueryInformation],
  [OID.OID_SRIOV_CURRENT_CAPABILITIES, NdisRequestQueryInformation],
  [OID.OID_SRIOV_PF_LUID, NdisRequestQueryInformation],
  [OID.OID_SRIOV_VF_SERIAL_NUMBER, NdisRequestQueryInformation],
]);

/** Whether NDIS answers this OID itself. */
export function isAnsweredByNdis(oid: Oid): boolean {
  return REQUEST_TYPES.has(oid);
}

/** What NDIS of the management OS knows of a PF, and answers without asking the PF miniport. */
export class NdisAnswers {
  readonly #cache: NicSwitchCache;
  readonly #luid: bigint;

  constructor(cache: NicSwitchCache, luid: bigint) {
    this.#cache = cache;
    this.#luid = luid;
  }

  /**
   * The status of a request that NDIS answers; undefined when it is the miniport's. Documents name no
   * status for such an OID in another type of request: it is NDIS_STATUS_NOT_SUPPORTED, as with an
   * OID that nobody knows.
   */
  answer(request: NdisOidRequest): NdisStatus | undefined {
    const requestType = REQUEST_TYPES.get(request.oid);
    if (requestType === undefined) return undefined;
    if (request.requestType !== requestType) return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    switch (request.oid) {
      case OID.OID_NIC_SWITCH_ENUM_SWITCHES:
        return answerWith(request, newNicSwitchInfoArray(this.#cache.switches()));
      case OID.OID_NIC_SWITCH_ENUM_VFS:
        return this.#enumVfs(request);
      case OID.OID_NIC_SWITCH_VF_PARAMETERS:
        return this.#vfParameters(request);
      case OID.OID_SRIOV_PF_LUID:
        return answerWith(request, newPfLuidInfo(this.#luid));
      default:
        return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    }
  }

  #enumVfs(request: NdisOidRequest): NdisStatus {
    const { inputBufferLength, informationBuffer } = request;
    const vfs = this.#cache.vfs();
    if (Math.min(inputBufferLength, roomOf(request)) < SIZEOF_VF_INFO_ARRAY) {
      request.bytesNeeded = SIZEOF_VF_INFO_ARRAY + vfs.length * SIZEOF_VF_INFO;
      return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
    }
    if (!isVfInfoQuery(informationBuffer)) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    return answerWith(request, newVfInfoArray(informationBuffer, vfs), SIZEOF_VF_INFO_ARRAY);
  }

  /** Of a VF that is allocated; any other is an invalid VFId. */
  #vfParameters(request: NdisOidRequest): NdisStatus {
    const { inputBufferLength, informationBuffer } = request;
    if (Math.min(inputBufferLength, roomOf(request)) < SIZEOF_VF_PARAMETERS) {
      request.bytesNeeded = SIZEOF_VF_PARAMETERS;
      return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
    }
    const asked = parseVfParameters(informationBuffer)?.vfId;
    const vf = asked === undefined ? undefined : this.#cache.vf(asked);
    if (vf === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    return answerWith(request, vf, SIZEOF_VF_PARAMETERS);
  }
}
