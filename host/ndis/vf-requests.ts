import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';

/** The small structures of the OIDs that name a VF and little else. Source: ntddndis.h. */

/** NDIS_NIC_SWITCH_FREE_VF_PARAMETERS: Header at 0, Flags at 4, VFId at 8 (2), 2 of padding. */
const SIZEOF_FREE_VF_PARAMETERS = 12;
/** NDIS_SIZEOF_NIC_SWITCH_FREE_VF_PARAMETERS_REVISION_1 ends with its last member. */
export const NDIS_SIZEOF_FREE_VF_PARAMETERS = 10;

/** NDIS_SRIOV_RESET_VF_PARAMETERS: Header at 0, VFId at 4 (2). */
export const SIZEOF_RESET_VF_PARAMETERS = 6;

/** NDIS_SRIOV_VF_VENDOR_DEVICE_ID_INFO: Header at 0, VFId at 4, VendorId at 6, DeviceId at 8. */
export const SIZEOF_VENDOR_DEVICE_ID_INFO = 10;

export function newFreeVfParameters(vfId: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_FREE_VF_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, NDIS_SIZEOF_FREE_VF_PARAMETERS);
  view.setUint16(8, vfId, true);
  return bytes;
}

/** The VFId to free; undefined when the buffer holds no such structure. */
export function parseFreeVfParameters(bytes: Uint8Array): number | undefined {
  if (!hasObjectHeader(bytes, NDIS_SIZEOF_FREE_VF_PARAMETERS)) return undefined;
  return viewOf(bytes).getUint16(8, true);
}

export function newResetVfParameters(vfId: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_RESET_VF_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_RESET_VF_PARAMETERS);
  view.setUint16(4, vfId, true);
  return bytes;
}

/** The VFId to reset; undefined when the buffer holds no such structure. */
export function parseResetVfParameters(bytes: Uint8Array): number | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_RESET_VF_PARAMETERS)) return undefined;
  return viewOf(bytes).getUint16(4, true);
}

export function newVendorDeviceIdInfo(vfId: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_VENDOR_DEVICE_ID_INFO);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_VENDOR_DEVICE_ID_INFO);
  view.setUint16(4, vfId, true);
  return bytes;
}

export interface VendorDeviceId {
  readonly vfId: number;
  readonly vendorId: number;
  readonly deviceId: number;
}

export function parseVendorDeviceIdInfo(bytes: Uint8Array): VendorDeviceId | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_VENDOR_DEVICE_ID_INFO)) return undefined;
  const view = viewOf(bytes);
  return {
    vfId: view.getUint16(4, true),
    vendorId: view.getUint16(6, true),
    deviceId: view.getUint16(8, true),
  };
}

/** Ids that no vendor has: those of a VF whose PF does not say. */
export const UNKNOWN_IDS = { vendorId: 0xffff, deviceId: 0xffff } as const;

export function setVendorDeviceId(bytes: Uint8Array, vendorId: number, deviceId: number): void {
  const view = viewOf(bytes);
  view.setUint16(6, vendorId, true);
  view.setUint16(8, deviceId, true);
}
