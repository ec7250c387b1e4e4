import { NTSTATUS, type NtStatus, ntSuccess } from '#shared/nt/ntstatus.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { vfEntry } from '#shared/trace/vf-entry.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { type BlockMask, isBlockLength, maskHex } from '#shared/vpci/config-block.ts';
import { readBlock, writeBlock } from '#shared/wire/block.ts';
import { bytesToWire, SLOT, storeFromWire, wireLength } from '#shared/wire/codecs.ts';
import { IOCTL } from '../io/ioctl.ts';
import { IRP_MJ_INTERNAL_DEVICE_CONTROL, IRP_MJ_PNP, type Irp } from '../io/irp.ts';
import { completedEntry } from '../io/irp-entry.ts';
import { requestName } from '../io/request-name.ts';
import {
  parseReadBlockInput,
  parseWriteBlockInput,
  SIZEOF_VPCI_READ_BLOCK_INPUT,
  SIZEOF_VPCI_WRITE_BLOCK_INPUT,
  VPCI_WRITE_BLOCK_INPUT_DATA,
} from '../io/vpci-structures.ts';
import { PendedInvalidate } from './pended-invalidate.ts';
import { servePnp } from './query-interface.ts';
import { type RequestChannel, RequestWindow } from './request-window.ts';

/**
 * The VPCI driver as the VF's driver stack sees it: services the IRPs that reach the VF's physical
 * device object. An IRP comes in, a message goes out; and a channel that died becomes
 * STATUS_DEVICE_NOT_CONNECTED here and nowhere else.
 *
 * Source: Microsoft Learn: IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK,
 * IOCTL_VPCI_INVALIDATE_BLOCK.
 */
export class VpciDriver {
  readonly #window: RequestWindow;
  readonly #trace: Trace;
  readonly #identity: () => VfIdentity;
  readonly #invalidate: PendedInvalidate;
  /** The serial number of the VF, once it has been found on the bus. */
  serialNumber = 0;
  #removed = false;
  /** Drivers are given the device when its bus is in D0, and keep it when the bus leaves it. */
  #inD0 = true;

  constructor(channel: RequestChannel, trace: Trace, identity: () => VfIdentity) {
    this.#window = new RequestWindow(channel);
    this.#trace = trace;
    this.#identity = identity;
    this.#invalidate = new PendedInvalidate((irp, status, information, cause) =>
      this.#complete(irp, status, information, cause),
    );
  }

  /** Whether an IOCTL_VPCI_INVALIDATE_BLOCK is there to carry the next mask. */
  get isInvalidatePended(): boolean {
    return this.#invalidate.isPended;
  }

  /** The mask that waits for the next IOCTL_VPCI_INVALIDATE_BLOCK. */
  get pendingMask(): BlockMask {
    return this.#invalidate.pendingMask;
  }

  /**
   * IoCallDriver. Returns STATUS_PENDING, or the final status of a request that is completed by the
   * time it returns; the completion routine is called in both cases.
   *
   * The pages of the three IOCTLs name IRP_MJ_DEVICE_CONTROL in their heading and
   * IRP_MJ_INTERNAL_DEVICE_CONTROL in their table. Only the latter is taken: the former is what user
   * mode can send.
   */
  ioCallDriver(irp: Irp): NtStatus {
    const { majorFunction, ioControlCode } = irp.stackLocation;
    if (this.#removed) return this.#notConnected(irp);
    if (majorFunction !== IRP_MJ_INTERNAL_DEVICE_CONTROL) {
      return this.#fail(irp, this.#servePnp(irp));
    }
    switch (ioControlCode) {
      case IOCTL.IOCTL_VPCI_READ_BLOCK:
        return this.#inD0 ? this.#read(irp) : this.#notConnected(irp);
      case IOCTL.IOCTL_VPCI_WRITE_BLOCK:
        return this.#inD0 ? this.#write(irp) : this.#notConnected(irp);
      case IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK:
        return this.#invalidate.pend(irp);
      default:
        return this.#fail(irp, NTSTATUS.STATUS_INVALID_DEVICE_REQUEST);
    }
  }

  /** An INVALIDATE_BLOCK message has arrived. A mask of 0 says nothing and does nothing. */
  notifyInvalidate(mask: BlockMask, cause: number): void {
    const latched = !this.#removed && mask !== 0n && !this.#invalidate.notify(mask, cause);
    if (!latched || !this.#trace.enabled) return;
    this.#trace.record({
      hop: 'blockMaskLatched',
      name: 'BlockMask',
      ...this.#identity(),
      mask: maskHex(this.#invalidate.pendingMask),
      cause,
    });
  }

  /**
   * The bus leaves D0: blocks are neither read nor written from here on. What was asked before is
   * completed as the host answers it; and IOCTL_VPCI_INVALIDATE_BLOCK stays pended, for which
   * documents are silent, so that no driver has to notice that its guest has slept.
   */
  exitD0(): void {
    this.#inD0 = false;
  }

  /** The bus is in D0 again. */
  enterD0(): void {
    this.#inD0 = true;
  }

  /**
   * The device is gone: what is pended or comes later fails. Requests that wait for the host are
   * settled by the channel when it closes.
   */
  remove(): void {
    this.#removed = true;
    this.#invalidate.fail(NTSTATUS.STATUS_DEVICE_NOT_CONNECTED);
  }

  /** Of the other major functions, drivers of the VF may send IRP_MJ_PNP. */
  #servePnp(irp: Irp): NtStatus {
    const { requester, stackLocation } = irp;
    if (requester === undefined || stackLocation.majorFunction !== IRP_MJ_PNP) {
      return NTSTATUS.STATUS_INVALID_DEVICE_REQUEST;
    }
    return servePnp(irp, {
      requester,
      device: this,
      serialNumber: this.serialNumber,
      trace: this.#trace,
      identity: this.#identity,
    });
  }

  #read(irp: Irp): NtStatus {
    const { type3InputBuffer, inputBufferLength, outputBufferLength } = irp.stackLocation;
    const { userBuffer } = irp;
    if (type3InputBuffer === undefined || userBuffer === undefined) {
      return this.#fail(irp, NTSTATUS.STATUS_INVALID_PARAMETER);
    }
    if (Math.min(inputBufferLength, type3InputBuffer.byteLength) < SIZEOF_VPCI_READ_BLOCK_INPUT) {
      return this.#fail(irp, NTSTATUS.STATUS_BUFFER_TOO_SMALL);
    }
    const { blockId, bytesRequested } = parseReadBlockInput(type3InputBuffer);
    if (!isBlockLength(bytesRequested)) return this.#fail(irp, NTSTATUS.STATUS_INVALID_PARAMETER);
    // The documents want OutputBufferLength to equal BytesRequested and give no status for a larger
    // one; it is accepted, and BytesRequested is transferred.
    if (Math.min(outputBufferLength, userBuffer.byteLength) < bytesRequested) {
      return this.#fail(irp, NTSTATUS.STATUS_BUFFER_TOO_SMALL);
    }
    if (this.#isCancelled(irp)) return NTSTATUS.STATUS_CANCELLED;
    this.#window.request(
      readBlock,
      { blockId, slot: SLOT, bytesRequested },
      (reply, cause) => {
        if (reply instanceof ChannelError) this.#lost(irp, cause);
        else this.#completeRead(irp, userBuffer, bytesRequested, reply, cause);
      },
      irp.cause,
    );
    return NTSTATUS.STATUS_PENDING;
  }

  /**
   * A success without data is none: no caller could tell what it read. Nor is one whose data has
   * nowhere to go, because the caller gave the memory of its buffer away.
   */
  #completeRead(
    irp: Irp,
    userBuffer: Uint8Array,
    bytesRequested: number,
    reply: { readonly status: number; readonly bytes?: string | undefined },
    cause: number,
  ): void {
    if (irp.completed) return;
    if (reply.status !== NTSTATUS.STATUS_SUCCESS) {
      this.#complete(irp, failureOf(reply.status), 0, cause);
      return;
    }
    const { bytes = '' } = reply;
    const length = Math.min(wireLength(bytes), bytesRequested);
    if (length === 0 || length > userBuffer.byteLength) {
      this.#complete(irp, NTSTATUS.STATUS_UNSUCCESSFUL, 0, cause);
      return;
    }
    storeFromWire(bytes, userBuffer, length);
    this.#complete(irp, NTSTATUS.STATUS_SUCCESS, length, cause);
  }

  #write(irp: Irp): NtStatus {
    const { type3InputBuffer, inputBufferLength } = irp.stackLocation;
    if (type3InputBuffer === undefined) return this.#fail(irp, NTSTATUS.STATUS_INVALID_PARAMETER);
    const available = Math.min(inputBufferLength, type3InputBuffer.byteLength);
    if (available < SIZEOF_VPCI_WRITE_BLOCK_INPUT) {
      return this.#fail(irp, NTSTATUS.STATUS_BUFFER_TOO_SMALL);
    }
    const { blockId, dataLength } = parseWriteBlockInput(type3InputBuffer);
    if (!isBlockLength(dataLength)) return this.#fail(irp, NTSTATUS.STATUS_INVALID_PARAMETER);
    // The documents ask for the size of the structure alone, which ends with the first byte of Data.
    if (available < VPCI_WRITE_BLOCK_INPUT_DATA + dataLength) {
      return this.#fail(irp, NTSTATUS.STATUS_BUFFER_TOO_SMALL);
    }
    const start = VPCI_WRITE_BLOCK_INPUT_DATA;
    const bytes = bytesToWire(type3InputBuffer.subarray(start, start + dataLength));
    if (this.#isCancelled(irp)) return NTSTATUS.STATUS_CANCELLED;
    this.#window.request(
      writeBlock,
      { blockId, slot: SLOT, byteCount: dataLength, bytes },
      (reply, cause) => {
        if (reply instanceof ChannelError) this.#lost(irp, cause);
        else if (reply.status === NTSTATUS.STATUS_SUCCESS) {
          this.#complete(irp, reply.status, dataLength, cause);
        } else {
          this.#complete(irp, failureOf(reply.status), 0, cause);
        }
      },
      irp.cause,
    );
    return NTSTATUS.STATUS_PENDING;
  }

  /**
   * Makes a request that may wait for the host cancellable. What was sent is not taken back: the
   * channel has no message for that, and the completion finds the IRP completed.
   */
  #isCancelled(irp: Irp): boolean {
    if (irp.cancelled) this.#cancelled(irp);
    else irp.setCancelRoutine(this.#cancelled);
    return irp.cancelled;
  }

  /** One for every request of this driver, since most are never cancelled. */
  readonly #cancelled = (irp: Irp): void => {
    this.#complete(irp, NTSTATUS.STATUS_CANCELLED, 0);
  };

  #lost(irp: Irp, cause: number): void {
    this.#complete(irp, NTSTATUS.STATUS_DEVICE_NOT_CONNECTED, 0, cause);
  }

  #notConnected(irp: Irp): NtStatus {
    return this.#fail(irp, NTSTATUS.STATUS_DEVICE_NOT_CONNECTED);
  }

  /** Completes a request that moves no bytes. */
  #fail(irp: Irp, status: NtStatus): NtStatus {
    this.#complete(irp, status, 0);
    return status;
  }

  #complete(irp: Irp, status: NtStatus, information: number, cause = irp.cause): void {
    if (!irp.completed)
      irp.complete(status, information, this.#record(irp, status, information, cause));
  }

  #record(irp: Irp, status: NtStatus, information: number, cause: number): number {
    if (!this.#trace.enabled) return 0;
    const hop = irp.requester === undefined ? 'ioCompleteRequest' : 'vfIoCompleteRequest';
    const entry = completedEntry(irp, status, information, cause, this.#trace.keepsData);
    const name = requestName(irp.stackLocation);
    return this.#trace.record(vfEntry(hop, name, this.#identity(), entry));
  }
}

/**
 * The status with which a request fails that the host did not complete with STATUS_SUCCESS. A status
 * of severity "success" is none that an IRP may be completed with: STATUS_PENDING, say, is only ever
 * what IoCallDriver returns.
 */
function failureOf(status: NtStatus): NtStatus {
  return ntSuccess(status) ? NTSTATUS.STATUS_UNSUCCESSFUL : status;
}
