import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import type { Irp } from '../io/irp.ts';
import {
  SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT,
  writeInvalidateBlockOutput,
} from '../io/vpci-structures.ts';

/** Completes an IRP and reports it. */
export type CompleteIrp = (irp: Irp, status: NtStatus, information: number, cause?: number) => void;

/**
 * The one IOCTL_VPCI_INVALIDATE_BLOCK that may be pended for a VF, and the mask that waits for it.
 *
 * Documents are silent on a notification that arrives while no IOCTL is pended: between completion
 * and re-issue, or before the first. The choice is that nothing is lost: the masks are ORed, and
 * the next IOCTL completes at once with them. No IOCTL ever completes with a mask of 0.
 */
export class PendedInvalidate {
  readonly #complete: CompleteIrp;
  #irp: Irp | undefined;
  #pendingMask: BlockMask = 0n;
  /** The trace event of the last notification that went into the pending mask. */
  #cause = 0;

  constructor(complete: CompleteIrp) {
    this.#complete = complete;
  }

  get pendingMask(): BlockMask {
    return this.#pendingMask;
  }

  get isPended(): boolean {
    return this.#irp !== undefined;
  }

  /**
   * Takes an IOCTL_VPCI_INVALIDATE_BLOCK. A second one while one is pended is refused, and leaves
   * the first alone: documents are silent, and each completion must reach exactly one waiter.
   */
  pend(irp: Irp): NtStatus {
    const { type3InputBuffer, inputBufferLength } = irp.stackLocation;
    if (type3InputBuffer === undefined) {
      return this.#fail(irp, NTSTATUS.STATUS_INVALID_PARAMETER);
    }
    const length = Math.min(inputBufferLength, type3InputBuffer.byteLength);
    if (length < SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT) {
      return this.#fail(irp, NTSTATUS.STATUS_BUFFER_TOO_SMALL);
    }
    if (this.#irp !== undefined) return this.#fail(irp, NTSTATUS.STATUS_INVALID_DEVICE_REQUEST);
    if (irp.cancelled) return this.#fail(irp, NTSTATUS.STATUS_CANCELLED);
    this.#irp = irp;
    irp.setCancelRoutine(() => this.fail(NTSTATUS.STATUS_CANCELLED));
    if (this.#pendingMask === 0n) return NTSTATUS.STATUS_PENDING;
    return this.#deliver(irp);
  }

  /** Takes the mask of an INVALIDATE_BLOCK message; returns whether an IOCTL was there to carry it. */
  notify(mask: BlockMask, cause: number): boolean {
    this.#pendingMask |= mask;
    this.#cause = cause;
    if (this.#irp === undefined || this.#pendingMask === 0n) return false;
    this.#deliver(this.#irp);
    return this.#pendingMask === 0n;
  }

  /** Ends the pended IOCTL, if there is one; the device goes away or the IRP was cancelled. */
  fail(status: NtStatus): void {
    const irp = this.#irp;
    this.#irp = undefined;
    if (irp !== undefined) this.#fail(irp, status);
  }

  /**
   * The mask goes where the documents put it, to the structure at Type3InputBuffer, although
   * METHOD_NEITHER has its output elsewhere; and Information is 0, as they state, although eight
   * bytes are produced. Where the caller has given the memory of its structure away the IOCTL fails,
   * and the mask waits for the next.
   */
  #deliver(irp: Irp): NtStatus {
    const mask = this.#pendingMask;
    const output = irp.stackLocation.type3InputBuffer;
    this.#irp = undefined;
    if (output === undefined || output.byteLength < SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT) {
      return this.#fail(irp, NTSTATUS.STATUS_UNSUCCESSFUL);
    }
    this.#pendingMask = 0n;
    writeInvalidateBlockOutput(output, mask);
    this.#complete(irp, NTSTATUS.STATUS_SUCCESS, 0, this.#cause);
    return NTSTATUS.STATUS_SUCCESS;
  }

  #fail(irp: Irp, status: NtStatus): NtStatus {
    this.#complete(irp, status, 0);
    return status;
  }
}
