import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { readCountedString, writeCountedString } from './counted-string.ts';
import {
  NDIS_DEFAULT_SWITCH_ID,
  NDIS_INVALID_RID,
  NDIS_INVALID_VF_FUNCTION_ID,
} from './function-id.ts';

/**
 * NDIS_NIC_SWITCH_VF_PARAMETERS: Header at 0, Flags at 4, SwitchId at 8, VMName at 12, VMFriendlyName
 * at 528, NicName at 1044 (516 bytes each), MacAddressLength at 1560 (2), PermanentMacAddress at 1562
 * and CurrentMacAddress at 1594 (32 each), VFId at 1626 (2), RequestorId at 1628 (4).
 * Source: ntddndis.h.
 */
export const SIZEOF_VF_PARAMETERS = 1632;

const OFFSET = {
  switchId: 8,
  vmName: 12,
  vmFriendlyName: 528,
  nicName: 1044,
  macAddressLength: 1560,
  permanentMacAddress: 1562,
  currentMacAddress: 1594,
  vfId: 1626,
  requestorId: 1628,
} as const;

/** The bytes of an Ethernet address. */
const MAC_ADDRESS_LENGTH = 6;

/** What the virtualization stack asks for with OID_NIC_SWITCH_ALLOCATE_VF. */
export interface VfParameters {
  readonly vmName: string;
  readonly vmFriendlyName: string;
  readonly nicName: string;
  /** Six bytes: the address of the network adapter that the guest sees, which the host gives it. */
  readonly permanentMacAddress: Uint8Array;
  /** Six bytes: the address that this adapter has now. */
  readonly currentMacAddress: Uint8Array;
}

/** The request: VFId and RequestorId are invalid, since they are the PF's answer. */
export function newVfParameters(parameters: VfParameters): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_VF_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_VF_PARAMETERS);
  view.setUint32(OFFSET.switchId, NDIS_DEFAULT_SWITCH_ID, true);
  writeCountedString(bytes, OFFSET.vmName, parameters.vmName);
  writeCountedString(bytes, OFFSET.vmFriendlyName, parameters.vmFriendlyName);
  writeCountedString(bytes, OFFSET.nicName, parameters.nicName);
  view.setUint16(OFFSET.macAddressLength, MAC_ADDRESS_LENGTH, true);
  const { permanentMacAddress, currentMacAddress } = parameters;
  bytes.set(permanentMacAddress.subarray(0, MAC_ADDRESS_LENGTH), OFFSET.permanentMacAddress);
  bytes.set(currentMacAddress.subarray(0, MAC_ADDRESS_LENGTH), OFFSET.currentMacAddress);
  setVfId(bytes, NDIS_INVALID_VF_FUNCTION_ID, NDIS_INVALID_RID);
  return bytes;
}

/** An NDIS_NIC_SWITCH_VF_PARAMETERS or NDIS_NIC_SWITCH_VF_INFO, which have the same members. */
export interface VfInfo extends VfParameters {
  readonly switchId: number;
  readonly vfId: number;
  readonly requestorId: number;
}

/** What is in the structure; undefined when the buffer holds none. */
export function parseVfParameters(bytes: Uint8Array): VfInfo | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_VF_PARAMETERS)) return undefined;
  const view = viewOf(bytes);
  return {
    switchId: view.getUint32(OFFSET.switchId, true),
    vmName: readCountedString(bytes, OFFSET.vmName),
    vmFriendlyName: readCountedString(bytes, OFFSET.vmFriendlyName),
    nicName: readCountedString(bytes, OFFSET.nicName),
    permanentMacAddress: macAddressAt(bytes, OFFSET.permanentMacAddress),
    currentMacAddress: macAddressAt(bytes, OFFSET.currentMacAddress),
    vfId: view.getUint16(OFFSET.vfId, true),
    requestorId: view.getUint32(OFFSET.requestorId, true),
  };
}

function macAddressAt(bytes: Uint8Array, offset: number): Uint8Array {
  return bytes.slice(offset, offset + MAC_ADDRESS_LENGTH);
}

/** The PF's answer to OID_NIC_SWITCH_ALLOCATE_VF, written into the request's own structure. */
export function setVfId(bytes: Uint8Array, vfId: number, requestorId: number): void {
  const view = viewOf(bytes);
  view.setUint16(OFFSET.vfId, vfId, true);
  view.setUint32(OFFSET.requestorId, requestorId, true);
}
