import type { CurrentIrql } from '#shared/nt/irql.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import type { IoViolation } from './io-violation.ts';
import type { QueryInterface } from './query-interface.ts';

/** The major function codes that matter here. Source: wdm.h. */
export const IRP_MJ_DEVICE_CONTROL = 0x0e;
export const IRP_MJ_INTERNAL_DEVICE_CONTROL = 0x0f;
export const IRP_MJ_PNP = 0x1b;

/** The minor function code of IRP_MJ_PNP that matters here. Source: wdm.h. */
export const IRP_MN_QUERY_INTERFACE = 0x08;

/** IO_STATUS_BLOCK. */
export interface IoStatusBlock {
  status: NtStatus;
  information: number;
}

/**
 * An IO_STACK_LOCATION with the parameters of a device control request. The VPCI IOCTLs are
 * METHOD_NEITHER: nobody copies or checks the buffers on the way.
 */
export interface IoStackLocation {
  readonly majorFunction: number;
  /** Of a PnP request. */
  readonly minorFunction?: number;
  readonly ioControlCode: number;
  readonly inputBufferLength: number;
  readonly outputBufferLength: number;
  /** Type3InputBuffer: the input structure. */
  readonly type3InputBuffer: Uint8Array | undefined;
  /** Parameters.QueryInterface, of IRP_MN_QUERY_INTERFACE. */
  readonly queryInterface?: QueryInterface | undefined;
}

/** The driver of the VF that sent a request: at which IRQL it runs, and who is told of its breaches. */
export interface IrpRequester {
  readonly irql: CurrentIrql;
  violated(violation: IoViolation): void;
}

export interface IrpParameters extends IoStackLocation {
  /** Where the output goes; undefined for NULL. */
  readonly userBuffer: Uint8Array | undefined;
  /** Called once, when the request is completed, whichever way. */
  readonly completionRoutine: (irp: Irp) => void;
  /** The trace event that led to this request; 0 when none is known. Not a Windows member. */
  readonly cause?: number;
}

/**
 * An I/O request packet. It is completed exactly once: the first completion wins, and a cancel that
 * races with it loses. Source: Microsoft Learn: IRP, IoCompleteRequest, IoCancelIrp.
 */
export class Irp {
  readonly stackLocation: IoStackLocation;
  readonly userBuffer: Uint8Array | undefined;
  readonly ioStatus: IoStatusBlock = { status: NTSTATUS.STATUS_PENDING, information: 0 };
  readonly cause: number;
  readonly #completionRoutine: (irp: Irp) => void;
  #cancelRoutine: ((irp: Irp) => void) | undefined;
  #cancelled = false;
  #completed = false;
  #completionCause = 0;

  constructor(parameters: IrpParameters) {
    this.stackLocation = parameters;
    this.userBuffer = parameters.userBuffer;
    this.cause = parameters.cause ?? 0;
    this.#completionRoutine = parameters.completionRoutine;
  }

  /** The driver that sent it; undefined for a request of NDIS. */
  get requester(): IrpRequester | undefined {
    return undefined;
  }

  get completed(): boolean {
    return this.#completed;
  }

  /** Whether IoCancelIrp was called; a driver that is about to pend the request looks here first. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** IoSetCancelRoutine: what the driver that holds the request does when it is cancelled. */
  setCancelRoutine(routine: (irp: Irp) => void): void {
    this.#cancelRoutine = routine;
  }

  /** The trace event of the completion; 0 when none is known. Not a Windows member. */
  get completionCause(): number {
    return this.#completionCause;
  }

  /**
   * IoCompleteRequest: sets the status block and calls the completion routine. Returns false, and
   * changes nothing, when the request has been completed before.
   */
  complete(status: NtStatus, information: number, cause = 0): boolean {
    if (this.#completed) return false;
    this.#completed = true;
    this.#cancelRoutine = undefined;
    this.ioStatus.status = status;
    this.ioStatus.information = information;
    this.#completionCause = cause;
    this.#completionRoutine(this);
    return true;
  }

  /**
   * IoCancelIrp, for the creator of the request only. Returns whether a cancel routine was called;
   * where none is set, the request is not cancellable now and completes as it would have.
   */
  cancel(): boolean {
    this.#cancelled = true;
    const routine = this.#cancelRoutine;
    this.#cancelRoutine = undefined;
    if (routine === undefined) return false;
    routine(this);
    return true;
  }
}
