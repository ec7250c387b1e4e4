/** What authors of miniports on either side need. */

export {
  devicePowerStateName,
  NDIS_DEVICE_POWER_STATE,
  type NdisDevicePowerState,
} from './ndis/device-power-state.ts';
export { NDIS_STATUS, type NdisStatus, ndisStatusName } from './ndis/ndis-status.ts';
export { OID, type Oid, oidName } from './ndis/oid.ts';
export type { OidAnswer } from './ndis/oid-queue.ts';
export { NDIS_REQUEST_TYPE, type NdisOidRequest } from './ndis/oid-request.ts';
export { IRQL, type Irql, irqlName } from './nt/irql.ts';
export type { IoWorkItemRoutine, KernelServices } from './nt/kernel-services.ts';
export type { Clock, Timer } from './time/clock.ts';
export {
  type BlockId,
  type BlockMask,
  blocksOfMask,
  maskHex,
  maskOfBlocks,
  VPCI_MAX_READ_WRITE_BLOCK_SIZE,
} from './vpci/config-block.ts';
