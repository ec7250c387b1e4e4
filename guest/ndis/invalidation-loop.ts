import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { Clock, Timer } from '#shared/time/clock.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import { IOCTL } from '../io/ioctl.ts';
import { IRP_MJ_INTERNAL_DEVICE_CONTROL, Irp } from '../io/irp.ts';
import {
  parseInvalidateBlockOutput,
  SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT,
} from '../io/vpci-structures.ts';

/** Milliseconds until an IOCTL that failed is issued again; doubled for each that fails after it. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;

export interface InvalidationLoopOptions {
  readonly clock: Clock;
  /** IoCallDriver to the VPCI driver. */
  readonly send: (irp: Irp) => void;
  /** IoCancelIrp. */
  readonly cancel: (irp: Irp) => void;
  /**
   * Issues OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK to the VF miniport; `done` is called when it has been
   * completed. `cause` is the trace event that led to it.
   */
  readonly notify: (mask: BlockMask, cause: number, done: () => void) => void;
}

/**
 * NDIS's part in an invalidation: keeps one IOCTL_VPCI_INVALIDATE_BLOCK pended in the VPCI driver,
 * and turns each completion into an OID request to the VF miniport.
 *
 * Documents do not order the two things NDIS does on a completion. The choice: the IOCTL is issued
 * again before the OID, so that a slow VF miniport leaves no time in which none is pended; and masks
 * that arrive while the miniport still holds the last OID are ORed into one that waits.
 *
 * Source: Microsoft Learn: Backchannel Communication from the PF Miniport Driver.
 */
export class InvalidationLoop {
  readonly #options: InvalidationLoopOptions;
  #irp: Irp | undefined;
  #arming = false;
  #stopped = false;
  #paused = false;
  #waitingMask: BlockMask = 0n;
  #waitingCause = 0;
  #notifying = false;
  #retry: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(options: InvalidationLoopOptions) {
    this.#options = options;
  }

  /** Issues the first IOCTL. Documents do not say when; NDIS does once the VF miniport has started. */
  start(): void {
    this.#arm();
  }

  /** The VF is to be halted: no IOCTL stays pended, and no OID follows one that completes anyway. */
  stop(): void {
    this.#stopped = true;
    this.#retry?.cancel();
    if (this.#irp !== undefined) this.#options.cancel(this.#irp);
  }

  /** The VF miniport is to be told nothing until {@link resume}; the IOCTL stays pended meanwhile. */
  pause(): void {
    this.#paused = true;
  }

  /** Tells the VF miniport of all that came since {@link pause}. */
  resume(): void {
    this.#paused = false;
    this.#notify();
  }

  /** A mask that the VF miniport has not been told of yet. */
  get waitingMask(): BlockMask {
    return this.#waitingMask;
  }

  /**
   * Issues IOCTLs until one stays pended. One that completes at once, because a mask was waiting for
   * it, is followed by the next from this loop and not from its completion routine, so that the
   * stack does not grow.
   */
  #arm(): void {
    if (this.#arming) return;
    this.#arming = true;
    while (this.#irp === undefined && this.#retry === undefined && !this.#stopped) {
      const irp = this.#newIrp();
      this.#irp = irp;
      this.#options.send(irp);
    }
    this.#arming = false;
    this.#notify();
  }

  #newIrp(): Irp {
    const output = new Uint8Array(SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT);
    return new Irp({
      majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
      ioControlCode: IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK,
      inputBufferLength: output.byteLength,
      outputBufferLength: 0,
      type3InputBuffer: output,
      userBuffer: undefined,
      completionRoutine: (irp) => this.#completed(irp, output),
    });
  }

  /**
   * Documents are silent on an IOCTL that fails. No OID follows it. STATUS_DEVICE_NOT_CONNECTED says
   * that the device is gone; after any other status it is still started, and the IOCTL is issued
   * again, after longer and longer pauses: without one the VF would never hear of its blocks again.
   */
  #completed(irp: Irp, output: Uint8Array): void {
    this.#irp = undefined;
    const { status } = irp.ioStatus;
    if (status === NTSTATUS.STATUS_DEVICE_NOT_CONNECTED) this.#stopped = true;
    if (this.#stopped) return;
    if (status !== NTSTATUS.STATUS_SUCCESS) {
      this.#armLater();
      return;
    }
    this.#retryMs = FIRST_RETRY_MS;
    this.#waitingMask |= parseInvalidateBlockOutput(output);
    this.#waitingCause = irp.completionCause;
    this.#arm();
  }

  #armLater(): void {
    this.#retry = this.#options.clock.setTimer(this.#retryMs, () => {
      this.#retry = undefined;
      this.#arm();
    });
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  #notify(): void {
    if (this.#notifying || this.#paused || this.#stopped || this.#waitingMask === 0n) return;
    const mask = this.#waitingMask;
    this.#waitingMask = 0n;
    this.#notifying = true;
    this.#options.notify(mask, this.#waitingCause, () => {
      this.#notifying = false;
      this.#notify();
    });
  }
}
