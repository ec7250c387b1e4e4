import type { DriverIrp } from '#guest/io/driver-irp.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import { IRP_MJ_INTERNAL_DEVICE_CONTROL } from '#guest/io/irp.ts';
import {
  parseInvalidateBlockOutput,
  SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT,
} from '#guest/io/vpci-structures.ts';
import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { blocksOfMask } from '#shared/vpci/config-block.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

/** Whether the driver notes that the IOCTL is out before it calls IoCallDriver, or after. */
export type NotesThatItIsOut = 'before' | 'after';

/**
 * A VF miniport of NDIS 6.20, which issues IOCTL_VPCI_INVALIDATE_BLOCK itself. What completes it
 * queues a work item, which reads the blocks and issues the IOCTL again.
 */
export function rearmingVf(notes: NotesThatItIsOut) {
  return defineVfMiniport((adapter) => {
    const invalidation = new Invalidation(adapter, notes);
    return {
      ndisVersion: { majorNdisVersion: 6, minorNdisVersion: 20 },
      async miniportInitializeEx() {
        await readBlock(adapter, 1);
        return invalidation.start();
      },
      miniportOidRequest: () => NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED,
      miniportHaltEx: () => invalidation.stop(),
    };
  });
}

class Invalidation {
  readonly #adapter: VfAdapter;
  readonly #notes: NotesThatItIsOut;
  readonly #output = new Uint8Array(SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT);
  readonly #irp: DriverIrp | undefined;
  /** The IOCTL is with the VPCI driver, and the output is its. */
  #isOut = false;

  constructor(adapter: VfAdapter, notes: NotesThatItIsOut) {
    this.#adapter = adapter;
    this.#notes = notes;
    this.#irp = adapter.wdm.ioAllocateIrp(this.#device.stackSize);
  }

  start(): number {
    if (this.#irp === undefined) return NDIS_STATUS.NDIS_STATUS_RESOURCES;
    this.#arm(this.#irp);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  stop(): void {
    if (this.#irp !== undefined) this.#adapter.wdm.ioCancelIrp(this.#irp);
  }

  get #device() {
    return this.#adapter.ndisMGetDeviceProperty().physicalDeviceObject;
  }

  #arm(irp: DriverIrp): void {
    const { wdm } = this.#adapter;
    wdm.ioReuseIrp(irp, NTSTATUS.STATUS_SUCCESS);
    Object.assign(wdm.ioGetNextIrpStackLocation(irp), {
      majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
      ioControlCode: IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK,
      inputBufferLength: this.#output.byteLength,
      type3InputBuffer: this.#output,
    });
    wdm.ioSetCompletionRoutine(irp, (completed) => this.#completed(completed));
    if (this.#notes === 'before') this.#isOut = true;
    // A mask that waits completes the IOCTL in here: the completion routine has run when this returns.
    wdm.ioCallDriver(this.#device, irp);
    if (this.#notes === 'after') this.#isOut = true;
  }

  #completed(irp: DriverIrp): NtStatus {
    this.#isOut = false;
    if (irp.ioStatus.status === NTSTATUS.STATUS_SUCCESS) {
      this.#adapter.ndisQueueIoWorkItem(() => this.#work(irp));
    }
    return NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED;
  }

  async #work(irp: DriverIrp): Promise<void> {
    // The output is the VPCI driver's as long as the IOCTL is out.
    if (this.#isOut) return;
    for (const blockId of blocksOfMask(parseInvalidateBlockOutput(this.#output))) {
      await readBlock(this.#adapter, blockId);
    }
    this.#arm(irp);
  }
}

async function readBlock(adapter: VfAdapter, blockId: number): Promise<void> {
  const buffer = new Uint8Array(VERSIONED_LENGTH);
  await adapter.ndisMReadConfigBlock(blockId, buffer, VERSIONED_LENGTH);
}
