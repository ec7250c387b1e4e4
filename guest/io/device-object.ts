import type { NtStatus } from '#shared/nt/ntstatus.ts';
import type { Irp } from './irp.ts';

/**
 * DEVICE_OBJECT: a handle, opaque to drivers. Source: Microsoft Learn: NdisMGetDeviceProperty.
 */
export class DeviceObject {
  /** StackSize: for IoAllocateIrp. There is one driver beneath, the VPCI driver. */
  readonly stackSize = 1;
}

/** What is behind a physical device object: the VPCI driver, as NDIS and the I/O manager see it. */
export interface LowerDevice {
  /** Returns STATUS_PENDING, or the final status of a request that is completed by then. */
  ioCallDriver(irp: Irp): NtStatus;
}
