import type { NdisHypervisorInfo } from './hypervisor-info.ts';
import type { NdisStatus } from './ndis-status.ts';
import type { Oid } from './oid.ts';

/** The types of attributes that mean something here. Source: ntddndis.h. */
export const NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES = 0x9f;
export const NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES = 0xaf;

/** What this channel needs of NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES. */
export interface NdisMiniportAdapterGeneralAttributes {
  /** Header.Type. */
  readonly type: typeof NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES;
  /** The OIDs that the miniport serves; one that is missing is not issued to it. */
  readonly supportedOidList: readonly Oid[];
}

/** What this channel needs of NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES. */
export interface NdisMiniportAdapterHardwareAssistAttributes {
  /** Header.Type. */
  readonly type: typeof NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES;
  /** An NDIS_SRIOV_CAPABILITIES of what the adapter can do; null when that is no SR-IOV. */
  readonly hardwareSriovCapabilities: Uint8Array | null;
  /** The same structure when SR-IOV is enabled, or null when it is not. */
  readonly currentSriovCapabilities: Uint8Array | null;
}

export type NdisMiniportAdapterAttributes =
  | NdisMiniportAdapterGeneralAttributes
  | NdisMiniportAdapterHardwareAssistAttributes;

/** How a miniport of either side tells NDIS what it is, and learns where it runs. */
export interface AttributeServices {
  /**
   * Registers attributes of the adapter, from inside `miniportInitializeEx` only: first the general
   * ones, then those of the hardware assistance. PASSIVE_LEVEL.
   *
   * Documents name NDIS_STATUS_SUCCESS and NDIS_STATUS_BAD_VERSION alone. Here attributes that
   * contradict themselves or the partition are NDIS_STATUS_INVALID_PARAMETER, and after either the
   * adapter does not start; at another time the call is NDIS_STATUS_FAILURE and changes nothing.
   * Attributes of another type are taken and mean nothing here.
   *
   * A driver that never calls this is driven as if it had SR-IOV enabled and served every OID.
   *
   * Source: Microsoft Learn: NdisMSetMiniportAttributes.
   */
  ndisMSetMiniportAttributes(attributes: NdisMiniportAdapterAttributes): NdisStatus;

  /**
   * In which partition the driver runs. Windows has a later and vendor-independent way to ask, and
   * keeps this one. IRQL <= DISPATCH_LEVEL. Source: Microsoft Learn: NdisGetHypervisorInfo.
   */
  ndisGetHypervisorInfo(): NdisHypervisorInfo;
}
