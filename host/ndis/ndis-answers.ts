import type { MiniportRegistration } from '#shared/ndis/miniport-registration.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { isAnsweredByNdis, requestTypeOfNdis } from '#shared/ndis/oids-of-ndis.ts';
import { answerWith } from '#shared/ndis/query-answer.ts';
import { NDIS_DEFAULT_SWITCH_ID, NDIS_PF_FUNCTION_ID } from './function-id.ts';
import { refuseShort } from './information-length.ts';
import type { NicSwitchCache } from './nic-switch-cache.ts';
import { newNicSwitchInfoArray } from './nic-switch-info.ts';
import { parseNicSwitchParameters, SIZEOF_NIC_SWITCH_PARAMETERS } from './nic-switch-parameters.ts';
import { newPfLuidInfo } from './pf-luid-info.ts';
import { isVfInfoQuery, newVfInfoArray, SIZEOF_VF_INFO, SIZEOF_VF_INFO_ARRAY } from './vf-info.ts';
import { parseVfParameters, SIZEOF_VF_PARAMETERS } from './vf-parameters.ts';
import {
  newVPortInfoArray,
  parseVPortInfoQuery,
  SIZEOF_VPORT_INFO_ARRAY,
  sizeOfVPortInfoArray,
} from './vport-info.ts';
import { NDIS_SIZEOF_VPORT_PARAMETERS, parseVPortParameters } from './vport-parameters.ts';

/** What NDIS of the management OS knows of a PF, and answers without asking the PF miniport. */
export class NdisAnswers {
  readonly #cache: NicSwitchCache;
  readonly #luid: bigint;
  readonly #registration: MiniportRegistration;

  constructor(cache: NicSwitchCache, luid: bigint, registration: MiniportRegistration) {
    this.#cache = cache;
    this.#luid = luid;
    this.#registration = registration;
  }

  /**
   * The status of a request that NDIS answers; undefined when it is the miniport's. While SR-IOV is
   * not enabled, NDIS tells what the hardware can do and nothing else. Documents name no status for
   * such an OID in another type of request: it is NDIS_STATUS_NOT_SUPPORTED, as with an OID that
   * nobody knows.
   */
  answer(request: NdisOidRequest): NdisStatus | undefined {
    if (!isAnsweredByNdis(request)) return undefined;
    if (request.requestType !== requestTypeOfNdis(request.oid)) {
      return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    }
    const { hardwareSriovCapabilities, sriovDisabled } = this.#registration;
    if (request.oid === OID.OID_SRIOV_HARDWARE_CAPABILITIES) {
      return answerWith(request, hardwareSriovCapabilities);
    }
    return sriovDisabled === undefined
      ? this.#answerEnabled(request)
      : NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
  }

  #answerEnabled(request: NdisOidRequest): NdisStatus {
    switch (request.oid) {
      case OID.OID_SRIOV_CURRENT_CAPABILITIES:
        return answerWith(request, this.#registration.currentSriovCapabilities);
      case OID.OID_NIC_SWITCH_ENUM_SWITCHES:
        return answerWith(request, newNicSwitchInfoArray(this.#cache.switches()));
      case OID.OID_NIC_SWITCH_PARAMETERS:
        return this.#switchParameters(request);
      case OID.OID_NIC_SWITCH_VPORT_PARAMETERS:
        return this.#vportParameters(request);
      case OID.OID_NIC_SWITCH_ENUM_VPORTS:
        return this.#enumVPorts(request);
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

  /** Of the default switch, while it is there. */
  #switchParameters(request: NdisOidRequest): NdisStatus {
    const short = refuseShort(request, SIZEOF_NIC_SWITCH_PARAMETERS);
    if (short !== undefined) return short;
    const asked = parseNicSwitchParameters(request.informationBuffer)?.switchId;
    const parameters = asked === NDIS_DEFAULT_SWITCH_ID ? this.#cache.parameters : undefined;
    if (parameters === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    return answerWith(request, parameters, SIZEOF_NIC_SWITCH_PARAMETERS);
  }

  #vportParameters(request: NdisOidRequest): NdisStatus {
    const short = refuseShort(request, NDIS_SIZEOF_VPORT_PARAMETERS);
    if (short !== undefined) return short;
    const asked = parseVPortParameters(request.informationBuffer);
    const isAsked = asked?.switchId === NDIS_DEFAULT_SWITCH_ID;
    const vport = isAsked ? this.#cache.vports.parametersOf(asked.vportId) : undefined;
    if (vport === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    const structure = vport.subarray(0, NDIS_SIZEOF_VPORT_PARAMETERS);
    return answerWith(request, structure, NDIS_SIZEOF_VPORT_PARAMETERS);
  }

  #enumVPorts(request: NdisOidRequest): NdisStatus {
    const { vports } = this.#cache;
    const short = refuseShort(request, SIZEOF_VPORT_INFO_ARRAY);
    if (short !== undefined) {
      request.bytesNeeded = sizeOfVPortInfoArray(vports.numActiveVPorts);
      return short;
    }
    const { informationBuffer } = request;
    const functionId = parseVPortInfoQuery(informationBuffer);
    if (functionId === undefined || !this.#isFunction(functionId)) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    const array = newVPortInfoArray(informationBuffer, vports.infos(functionId));
    return answerWith(request, array, SIZEOF_VPORT_INFO_ARRAY);
  }

  #isFunction(functionId: number | 'any'): boolean {
    return (
      functionId === 'any' ||
      functionId === NDIS_PF_FUNCTION_ID ||
      this.#cache.isAllocated(functionId)
    );
  }

  #enumVfs(request: NdisOidRequest): NdisStatus {
    const { informationBuffer } = request;
    const vfs = this.#cache.vfs();
    const short = refuseShort(request, SIZEOF_VF_INFO_ARRAY);
    if (short !== undefined) {
      request.bytesNeeded = SIZEOF_VF_INFO_ARRAY + vfs.length * SIZEOF_VF_INFO;
      return short;
    }
    if (!isVfInfoQuery(informationBuffer)) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    return answerWith(request, newVfInfoArray(informationBuffer, vfs), SIZEOF_VF_INFO_ARRAY);
  }

  /** Of a VF that is allocated; any other is an invalid VFId. */
  #vfParameters(request: NdisOidRequest): NdisStatus {
    const { informationBuffer } = request;
    const short = refuseShort(request, SIZEOF_VF_PARAMETERS);
    if (short !== undefined) return short;
    const asked = parseVfParameters(informationBuffer)?.vfId;
    const vf = asked === undefined ? undefined : this.#cache.vf(asked);
    if (vf === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    return answerWith(request, vf, SIZEOF_VF_PARAMETERS);
  }
}
