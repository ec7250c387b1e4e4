/** NDIS_DEFAULT_VPORT_ID: the VPort of the PF, which is there as long as its switch. Source: ntddndis.h. */
export const NDIS_DEFAULT_VPORT_ID = 0;

/** NDIS_INVALID_VPORT_ID: no VPort. */
export const NDIS_INVALID_VPORT_ID = 0xffff_ffff;
