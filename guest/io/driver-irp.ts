import type { NtStatus } from '#shared/nt/ntstatus.ts';
import type { IoStatusBlock } from './irp.ts';
import type { KEvent } from './kevent.ts';
import type { QueryInterface } from './query-interface.ts';

/** An IRP that a driver of the VF has created, as that driver sees it. */
export interface DriverIrp {
  /** IoStatus: the final status, once the IRP is completed. */
  readonly ioStatus: IoStatusBlock;
  /** UserBuffer: where the output goes; undefined for NULL. */
  userBuffer: Uint8Array | undefined;
  /** UserEvent: set when the I/O manager has completed the IRP, which no completion routine stopped. */
  userEvent: KEvent | undefined;
  /** UserIosb: gets the final status then. */
  userIosb: IoStatusBlock | undefined;
}

/** The IO_STACK_LOCATION of the next-lower driver, for the driver to fill; undefined is NULL. */
export interface NextStackLocation {
  majorFunction: number;
  minorFunction: number;
  /** Parameters.DeviceIoControl. */
  ioControlCode: number;
  inputBufferLength: number;
  outputBufferLength: number;
  type3InputBuffer: Uint8Array | undefined;
  /** Parameters.QueryInterface. */
  queryInterface: QueryInterface | undefined;
}

/**
 * An IoCompletion routine, called at DISPATCH_LEVEL. STATUS_MORE_PROCESSING_REQUIRED leaves the IRP
 * with the driver, which may send it again or free it, then or there;
 * {@link STATUS_CONTINUE_COMPLETION} gives it to the I/O manager, for IRPs of
 * IoBuildDeviceIoControlRequest alone.
 */
export type IoCompletionRoutine = (irp: DriverIrp) => NtStatus;

/** Has the value of STATUS_SUCCESS. Source: wdm.h. */
export const STATUS_CONTINUE_COMPLETION = 0;

/** What IoSetCompletionRoutine was given. */
export interface CompletionSettings {
  readonly routine: IoCompletionRoutine;
  readonly invokeOnSuccess: boolean;
  readonly invokeOnError: boolean;
  readonly invokeOnCancel: boolean;
}

export function newDriverIrp(): DriverIrp {
  return {
    ioStatus: { status: 0, information: 0 },
    userBuffer: undefined,
    userEvent: undefined,
    userIosb: undefined,
  };
}

/** All zeros and NULLs. */
export function newStackLocation(): NextStackLocation {
  return {
    majorFunction: 0,
    minorFunction: 0,
    ioControlCode: 0,
    inputBufferLength: 0,
    outputBufferLength: 0,
    type3InputBuffer: undefined,
    queryInterface: undefined,
  };
}
