import type { MiniportRegistration } from '#shared/ndis/miniport-registration.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { isAnsweredByNdis, requestTypeOfNdis } from '#shared/ndis/oids-of-ndis.ts';
import { answerWith } from '#shared/ndis/query-answer.ts';
import { newVfSerialNumberInfo } from './vf-serial-number-info.ts';

/** What NDIS of the guest OS knows of a VF, and answers without asking the VF miniport. */
export class VfAnswers {
  readonly #serialNumber: number;
  readonly #registration: MiniportRegistration;

  constructor(serialNumber: number, registration: MiniportRegistration) {
    this.#serialNumber = serialNumber;
    this.#registration = registration;
  }

  /**
   * The status of a request that NDIS answers; undefined when it is the miniport's. What is asked of a
   * PF alone, and an OID in another type of request than its own, is NDIS_STATUS_NOT_SUPPORTED.
   */
  answer(request: NdisOidRequest): NdisStatus | undefined {
    if (!isAnsweredByNdis(request)) return undefined;
    if (request.requestType !== requestTypeOfNdis(request.oid)) {
      return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    }
    const { hardwareSriovCapabilities, currentSriovCapabilities } = this.#registration;
    switch (request.oid) {
      case OID.OID_SRIOV_VF_SERIAL_NUMBER:
        return answerWith(request, newVfSerialNumberInfo(this.#serialNumber));
      case OID.OID_SRIOV_HARDWARE_CAPABILITIES:
        return answerWith(request, hardwareSriovCapabilities);
      case OID.OID_SRIOV_CURRENT_CAPABILITIES:
        return answerWith(request, currentSriovCapabilities);
      default:
        return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    }
  }
}
