/** NDIS_INVALID_VF_FUNCTION_ID; the same number as NDIS_PF_FUNCTION_ID. Source: ntddndis.h. */
export const NDIS_INVALID_VF_FUNCTION_ID = 0xffff;

/** NDIS_PF_FUNCTION_ID: the physical function, where a VPort is attached to it. */
export const NDIS_PF_FUNCTION_ID = 0xffff;

/** NDIS_INVALID_RID: no PCI Express requestor id. */
export const NDIS_INVALID_RID = 0xffff_ffff;

/** NDIS_DEFAULT_SWITCH_ID: the NIC switch that every adapter has. */
export const NDIS_DEFAULT_SWITCH_ID = 0;

/** NDIS_INVALID_SWITCH_ID: no NIC switch. */
export const NDIS_INVALID_SWITCH_ID = 0xffff_ffff;

/** NDIS_MAKE_RID: a requestor id from the segment, the bus and the function on it. */
export function ndisMakeRid(segment: number, bus: number, functionNumber: number): number {
  return ((segment << 16) | (bus << 8) | functionNumber) >>> 0;
}
