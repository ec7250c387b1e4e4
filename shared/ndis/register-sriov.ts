import type { NdisHypervisorPartitionType } from './hypervisor-info.ts';
import {
  type AttributeServices,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
} from './miniport-attributes.ts';
import { NDIS_STATUS, type NdisStatus } from './ndis-status.ts';
import type { Oid } from './oid.ts';
import { capabilitiesOf, newSriovCapabilities } from './sriov-capabilities.ts';

/** What a miniport of an SR-IOV adapter registers. */
export interface SriovRegistration {
  /** Where a driver of this kind belongs. */
  readonly partitionType: NdisHypervisorPartitionType;
  readonly supportedOidList: readonly Oid[];
  /** Whether SR-IOV is enabled; the hardware can do it either way. */
  readonly isEnabled: boolean;
}

/**
 * Does in MiniportInitializeEx what the pages ask of the miniport of an SR-IOV adapter: it verifies
 * the partition and registers its attributes. Returns the status with which it goes on or fails.
 */
export function registerSriov(
  adapter: AttributeServices,
  { partitionType, supportedOidList, isEnabled }: SriovRegistration,
): NdisStatus {
  if (adapter.ndisGetHypervisorInfo().partitionType !== partitionType) {
    return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
  }
  const status = adapter.ndisMSetMiniportAttributes({
    type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
    supportedOidList,
  });
  if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return status;
  const capabilities = newSriovCapabilities(capabilitiesOf(partitionType));
  return adapter.ndisMSetMiniportAttributes({
    type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
    hardwareSriovCapabilities: capabilities,
    currentSriovCapabilities: isEnabled ? capabilities : null,
  });
}
