import type { NtStatus } from '#shared/nt/ntstatus.ts';
import type { DeviceObject } from './device-object.ts';
import type { DriverIrp, IoCompletionRoutine, NextStackLocation } from './driver-irp.ts';
import type { IoStatusBlock } from './irp.ts';
import type { EventType, KEvent } from './kevent.ts';

/** The parameters of IoBuildDeviceIoControlRequest, by their names. */
export interface DeviceIoControlParameters {
  readonly ioControlCode: number;
  readonly deviceObject: DeviceObject;
  /** Type3InputBuffer of a METHOD_NEITHER request. */
  readonly inputBuffer: Uint8Array | undefined;
  readonly inputBufferLength: number;
  /** UserBuffer of a METHOD_NEITHER request. */
  readonly outputBuffer: Uint8Array | undefined;
  readonly outputBufferLength: number;
  /** IRP_MJ_INTERNAL_DEVICE_CONTROL, the only one that the VPCI driver takes; else IRP_MJ_DEVICE_CONTROL. */
  readonly internalDeviceIoControl: boolean;
  /** Set when the request is completed; without one, the IRP needs a completion routine. */
  readonly event: KEvent | undefined;
  /** Gets the final status. */
  readonly ioStatusBlock: IoStatusBlock;
}

/**
 * The routines of wdm.h with which a driver of the VF sends requests of its own to the VPCI driver.
 *
 * A call that breaks a rule of its page is reported with the rule; it has no effect, where it cannot
 * have the one that was meant, instead of a bug check. IoInitializeIrp has no counterpart: it is for
 * IRPs in memory that the driver allocated otherwise, which there is none of.
 *
 * IRQL <= DISPATCH_LEVEL, where nothing else is said. Source: Microsoft Learn: wdm.h.
 */
export interface Wdm {
  /**
   * An IRP with so many stack locations, as many as the device object says; undefined for a number
   * that is not 1 to 127. Before it is sent it needs a completion routine, for every case, that
   * returns STATUS_MORE_PROCESSING_REQUIRED.
   */
  ioAllocateIrp(stackSize: number): DriverIrp | undefined;

  /**
   * An IRP for a request that the driver waits for; the I/O manager frees it. IRQL <= APC_LEVEL, since
   * it is for who waits: above, it is undefined.
   */
  ioBuildDeviceIoControlRequest(parameters: DeviceIoControlParameters): DriverIrp | undefined;

  /** The stack location of the VPCI driver, to be filled before the IRP is sent. */
  ioGetNextIrpStackLocation(irp: DriverIrp): NextStackLocation;

  /** Says what is called, at DISPATCH_LEVEL, when the IRP is completed, and in which cases. */
  ioSetCompletionRoutine(
    irp: DriverIrp,
    completionRoutine: IoCompletionRoutine,
    invokeOnSuccess?: boolean,
    invokeOnError?: boolean,
    invokeOnCancel?: boolean,
  ): void;

  /**
   * Sends an IRP to a device object. Returns STATUS_PENDING; or the final status of an IRP that is
   * completed by then, and whose completion routine has been called. What cannot be sent has a status
   * that says why, no completion, and stays with the driver.
   */
  ioCallDriver(deviceObject: DeviceObject, irp: DriverIrp): NtStatus;

  /**
   * Cancels an IRP that this driver has created. Returns whether it was pending and cancellable; it
   * has been completed then, with STATUS_CANCELLED. An IRP is completed once: a cancel may lose
   * against a success.
   */
  ioCancelIrp(irp: DriverIrp): boolean;

  /** Makes an IRP of IoAllocateIrp, which is not pending, as it was when it was allocated. */
  ioReuseIrp(irp: DriverIrp, ioStatus: NtStatus): void;

  /** Ends an IRP of IoAllocateIrp, which is not pending. */
  ioFreeIrp(irp: DriverIrp): void;

  keInitializeEvent(type: EventType, state: boolean): KEvent;

  /** Returns whether the event was signaled before. */
  keSetEvent(event: KEvent): boolean;

  keClearEvent(event: KEvent): void;

  /** Whether the event is signaled. */
  keReadStateEvent(event: KEvent): boolean;

  /**
   * Waits for an event, at most so many milliseconds: the promise stands for a call that blocks.
   * Returns STATUS_SUCCESS, or STATUS_TIMEOUT. IRQL <= APC_LEVEL; with a timeout of 0, which does not
   * wait, IRQL <= DISPATCH_LEVEL. Where it may not wait it returns STATUS_UNSUCCESSFUL at once.
   */
  keWaitForSingleObject(event: KEvent, timeout?: number): Promise<NtStatus>;
}
