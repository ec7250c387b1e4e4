/** What authors of miniports on either side need. */

export {
  devicePowerStateName,
  NDIS_DEVICE_POWER_STATE,
  type NdisDevicePowerState,
} from './ndis/device-power-state.ts';
export type { NdisHypervisorInfo, NdisHypervisorPartitionType } from './ndis/hypervisor-info.ts';
export {
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
  type NdisMiniportAdapterAttributes,
} from './ndis/miniport-attributes.ts';
export { NDIS_STATUS, type NdisStatus, ndisStatusName } from './ndis/ndis-status.ts';
export { OID, type Oid, oidName } from './ndis/oid.ts';
export type { OidAnswer } from './ndis/oid-queue.ts';
export {
  type CompletedOid,
  methodRequest,
  NDIS_REQUEST_TYPE,
  type NdisOidRequest,
  type OidRequestParameters,
  queryRequest,
  setRequest,
} from './ndis/oid-request.ts';
export { NDIS_SRIOV_CAPS, newSriovCapabilities } from './ndis/sriov-capabilities.ts';
export { IRQL, type Irql, irqlName } from './nt/irql.ts';
export type { IoWorkItemRoutine, KernelServices } from './nt/kernel-services.ts';
export {
  PCI_COMMON_CONFIG,
  PCI_CONFIGURATION_SPACE_SIZE,
  PCI_WHICHSPACE_CONFIG,
} from './pci/configuration-space.ts';
export { RecurringLog } from './recurring-log.ts';
export type { Clock, Timer } from './time/clock.ts';
export {
  type BlockId,
  type BlockMask,
  blocksOfMask,
  maskHex,
  maskOfBlocks,
  VPCI_MAX_READ_WRITE_BLOCK_SIZE,
} from './vpci/config-block.ts';
