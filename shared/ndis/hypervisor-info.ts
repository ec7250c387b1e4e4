/** NDIS_HYPERVISOR_INFO_FLAG_HYPERVISOR_PRESENT. Source: ntddndis.h. */
const NDIS_HYPERVISOR_INFO_FLAG_HYPERVISOR_PRESENT = 1;

/** NDIS_HYPERVISOR_PARTITION_TYPE of the partitions that there are here. */
export type NdisHypervisorPartitionType =
  | 'NdisHypervisorPartitionTypeMsHvParent'
  | 'NdisHypervisorPartitionMsHvChild';

/** NDIS_HYPERVISOR_INFO. Source: Microsoft Learn: NdisGetHypervisorInfo. */
export interface NdisHypervisorInfo {
  readonly flags: number;
  readonly partitionType: NdisHypervisorPartitionType;
}

export function newHypervisorInfo(partitionType: NdisHypervisorPartitionType): NdisHypervisorInfo {
  return { flags: NDIS_HYPERVISOR_INFO_FLAG_HYPERVISOR_PRESENT, partitionType };
}
