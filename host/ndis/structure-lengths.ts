import type { NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID, type Oid } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { SIZEOF_CONFIG_BLOCK_PARAMETERS } from './config-block-parameters.ts';
import { SIZEOF_CONFIG_SPACE_PARAMETERS } from './config-space-parameters.ts';
import { refuseShort, refuseShortInput } from './information-length.ts';
import {
  SIZEOF_DELETE_SWITCH_PARAMETERS,
  SIZEOF_NIC_SWITCH_PARAMETERS,
} from './nic-switch-parameters.ts';
import { SIZEOF_VF_PARAMETERS } from './vf-parameters.ts';
import { NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS } from './vf-power-state-parameters.ts';
import {
  NDIS_SIZEOF_FREE_VF_PARAMETERS,
  SIZEOF_RESET_VF_PARAMETERS,
  SIZEOF_VENDOR_DEVICE_ID_INFO,
} from './vf-requests.ts';

/** Bytes of the structure that an issuer gives. */
const GIVEN: ReadonlyMap<Oid, number> = new Map([
  [OID.OID_NIC_SWITCH_CREATE_SWITCH, SIZEOF_NIC_SWITCH_PARAMETERS],
  [OID.OID_NIC_SWITCH_DELETE_SWITCH, SIZEOF_DELETE_SWITCH_PARAMETERS],
  [OID.OID_NIC_SWITCH_FREE_VF, NDIS_SIZEOF_FREE_VF_PARAMETERS],
  [OID.OID_SRIOV_READ_VF_CONFIG_SPACE, SIZEOF_CONFIG_SPACE_PARAMETERS],
  [OID.OID_SRIOV_WRITE_VF_CONFIG_SPACE, SIZEOF_CONFIG_SPACE_PARAMETERS],
  [OID.OID_SRIOV_READ_VF_CONFIG_BLOCK, SIZEOF_CONFIG_BLOCK_PARAMETERS],
  [OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK, SIZEOF_CONFIG_BLOCK_PARAMETERS],
  [OID.OID_SRIOV_RESET_VF, SIZEOF_RESET_VF_PARAMETERS],
  [OID.OID_SRIOV_SET_VF_POWER_STATE, NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS],
]);

/** Bytes of the structure that an issuer gives, and gets back with the answer in it. */
const GIVEN_AND_RETURNED: ReadonlyMap<Oid, number> = new Map([
  [OID.OID_NIC_SWITCH_ALLOCATE_VF, SIZEOF_VF_PARAMETERS],
  [OID.OID_SRIOV_VF_VENDOR_DEVICE_ID, SIZEOF_VENDOR_DEVICE_ID_INFO],
]);

/**
 * NDIS_STATUS_INVALID_LENGTH, with BytesNeeded, for a request whose buffer is too short for the
 * structure of its OID. What may follow the structure is left to the PF miniport.
 */
export function refuseShortStructure(request: NdisOidRequest): NdisStatus | undefined {
  const given = GIVEN.get(request.oid);
  if (given !== undefined) return refuseShortInput(request, given);
  const returned = GIVEN_AND_RETURNED.get(request.oid);
  return returned === undefined ? undefined : refuseShort(request, returned);
}
