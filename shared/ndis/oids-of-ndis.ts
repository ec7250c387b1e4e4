import { OID, type Oid } from './oid.ts';
import {
  NDIS_REQUEST_TYPE,
  type NdisRequestType,
  type OidRequestParameters,
} from './oid-request.ts';

const { NdisRequestQueryInformation, NdisRequestSetInformation, NdisRequestMethod } =
  NDIS_REQUEST_TYPE;

/**
 * The OIDs that NDIS answers, and the request type of each. The table of SR-IOV OIDs has a query where
 * the OID's own page and ntddndis.h have a method request, and gives OID_NIC_SWITCH_VF_PARAMETERS to
 * the PF; the page and the header are followed. The header has OID_NIC_SWITCH_VPORT_PARAMETERS as a
 * query, and its page as a method request; the page is followed.
 *
 * Source: Microsoft Learn: SR-IOV OIDs, and the page of each.
 */
const REQUEST_TYPES: ReadonlyMap<Oid, NdisRequestType> = new Map([
  [OID.OID_NIC_SWITCH_PARAMETERS, NdisRequestMethod],
  [OID.OID_NIC_SWITCH_ENUM_SWITCHES, NdisRequestQueryInformation],
  [OID.OID_NIC_SWITCH_VPORT_PARAMETERS, NdisRequestMethod],
  [OID.OID_NIC_SWITCH_ENUM_VPORTS, NdisRequestMethod],
  [OID.OID_NIC_SWITCH_VF_PARAMETERS, NdisRequestMethod],
  [OID.OID_NIC_SWITCH_ENUM_VFS, NdisRequestMethod],
  [OID.OID_SRIOV_HARDWARE_CAPABILITIES, NdisRequestQueryInformation],
  [OID.OID_SRIOV_CURRENT_CAPABILITIES, NdisRequestQueryInformation],
  [OID.OID_SRIOV_PF_LUID, NdisRequestQueryInformation],
  [OID.OID_SRIOV_VF_SERIAL_NUMBER, NdisRequestQueryInformation],
]);

/** Of these NDIS answers what the parameters are; to set them is the PF miniport's. */
const SET_BY_PF: ReadonlySet<Oid> = new Set([
  OID.OID_NIC_SWITCH_PARAMETERS,
  OID.OID_NIC_SWITCH_VPORT_PARAMETERS,
]);

/** Whether NDIS answers such a request itself, and no miniport is ever asked. */
export function isAnsweredByNdis({ oid, requestType }: OidRequestParameters): boolean {
  return (
    REQUEST_TYPES.has(oid) && !(requestType === NdisRequestSetInformation && SET_BY_PF.has(oid))
  );
}

/** The type of request in which NDIS answers an OID; undefined for one that it does not. */
export function requestTypeOfNdis(oid: Oid): NdisRequestType | undefined {
  return REQUEST_TYPES.get(oid);
}
