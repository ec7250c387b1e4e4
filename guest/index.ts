/** For authors of VF miniports, and for programs that run a guest OS of their own. */

export * from '#shared/miniport-author.ts';
export * from '#shared/os-author.ts';

// Running a guest OS

export { type CreateGuestOsOptions, createGuestOs } from './create-guest-os.ts';
export { GuestOs, type GuestOsOptions, type GuestVf } from './guest-os.ts';
export { GUEST_PROFILES, type GuestProfile, type VfDriver } from './guest-profile.ts';
export { type Dial, type DialOptions, type DialResult, webSocketDial } from './vmbus/dial.ts';

// Writing a VF miniport

export { parseDevicePowerBuffer, SIZEOF_DEVICE_POWER_STATE } from './ndis/device-power-buffer.ts';
export {
  parseInvalidateInfo,
  SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO,
} from './ndis/invalidate-info.ts';
export type { NdisVersion } from './ndis/ndis-version.ts';
export type { DeviceProperty } from './ndis/vf-driver-io.ts';
export {
  type BusStatistics,
  defineVfMiniport,
  type NdisHaltAction,
  type VfAdapter,
  type VfMiniport,
  type VfMiniportFactory,
} from './ndis/vf-miniport.ts';
export { type ConfigBlockVf, configBlockVf } from './vf-miniport/config-block-vf.ts';

// Writing a virtual bus driver

export {
  defineVirtualBusDriver,
  type VirtualBusDevice,
  type VirtualBusDriver,
} from './ndis/virtual-bus-driver.ts';

// Sending IRPs to the VPCI driver

export { NTSTATUS, type NtStatus, ntStatusName, ntSuccess } from '#shared/nt/ntstatus.ts';
export type { DeviceObject } from './io/device-object.ts';
export {
  type DriverIrp,
  type IoCompletionRoutine,
  type NextStackLocation,
  STATUS_CONTINUE_COMPLETION,
} from './io/driver-irp.ts';
export { IOCTL, ioctlName } from './io/ioctl.ts';
export {
  type IoStatusBlock,
  IRP_MJ_DEVICE_CONTROL,
  IRP_MJ_INTERNAL_DEVICE_CONTROL,
  IRP_MJ_PNP,
  IRP_MN_QUERY_INTERFACE,
} from './io/irp.ts';
export type { EventType, KEvent } from './io/kevent.ts';
export {
  GUID_VPCI_INTERFACE_STANDARD,
  type InterfaceContext,
  type QueryInterface,
  SIZEOF_VPCI_INTERFACE_STANDARD,
  VPCI_INTERFACE_STANDARD_OFFSETS,
  VPCI_INTERFACE_STANDARD_VERSION,
  type VpciInterfaceStandard,
} from './io/query-interface.ts';
export {
  newReadBlockInput,
  newWriteBlockInput,
  parseInvalidateBlockOutput,
  SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT,
} from './io/vpci-structures.ts';
export type { DeviceIoControlParameters, Wdm } from './io/wdm.ts';

// Writing a VF driver for Linux

export { ERRNO, errnoName } from '#shared/linux/errno.ts';
export {
  type BlockInvalidate,
  defineLinuxVfDriver,
  type HypervReadResult,
  type LinuxKernel,
  type LinuxModule,
  type LinuxPciDevice,
  type LinuxVfDriver,
} from './linux/linux-vf-driver.ts';
export { READ_PADDINGS, type ReadPadding } from './linux/received-length.ts';
