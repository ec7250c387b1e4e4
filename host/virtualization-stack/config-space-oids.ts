import { OID } from '#shared/ndis/oid.ts';
import {
  methodRequest,
  NDIS_REQUEST_TYPE,
  type OidOrigin,
  type OidRequestParameters,
  queryRequest,
  setRequest,
} from '#shared/ndis/oid-request.ts';
import { newBarResourcesInfo, newProbedBarsInfo } from '../ndis/bar-structures.ts';
import {
  newConfigSpaceBuffer,
  SIZEOF_CONFIG_SPACE_PARAMETERS,
} from '../ndis/config-space-parameters.ts';

/** The OID requests about the PCI function that a VF is, each with its documented request type. */

/** A read of `length` bytes: a method request whose output is the parameters and the data. */
export function readVfConfigSpace(
  vfId: number,
  offset: number,
  length: number,
  origin: OidOrigin,
  cause: number,
): OidRequestParameters {
  const informationBuffer = newConfigSpaceBuffer(vfId, offset, length);
  return {
    requestType: NDIS_REQUEST_TYPE.NdisRequestMethod,
    oid: OID.OID_SRIOV_READ_VF_CONFIG_SPACE,
    informationBuffer,
    inputBufferLength: SIZEOF_CONFIG_SPACE_PARAMETERS,
    outputBufferLength: informationBuffer.byteLength,
    origin,
    cause,
  };
}

export function writeVfConfigSpace(
  vfId: number,
  offset: number,
  data: Uint8Array,
  origin: OidOrigin,
  cause: number,
): OidRequestParameters {
  const informationBuffer = newConfigSpaceBuffer(vfId, offset, data.byteLength);
  informationBuffer.set(data, SIZEOF_CONFIG_SPACE_PARAMETERS);
  const request = setRequest(OID.OID_SRIOV_WRITE_VF_CONFIG_SPACE, informationBuffer);
  return { ...request, origin, cause };
}

/** The BARs are the same for each VF, and the request names none. */
export function probedBars(origin: OidOrigin): OidRequestParameters {
  return { ...queryRequest(OID.OID_SRIOV_PROBED_BARS, newProbedBarsInfo()), origin };
}

/** A table of the documents calls it a set request; its own page and ntddndis.h say method. */
export function barResources(
  vfId: number,
  barIndex: number,
  origin: OidOrigin,
): OidRequestParameters {
  const informationBuffer = newBarResourcesInfo(vfId, barIndex);
  return { ...methodRequest(OID.OID_SRIOV_BAR_RESOURCES, informationBuffer), origin };
}
