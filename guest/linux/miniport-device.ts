import type { NtStatus } from '#shared/nt/ntstatus.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import type { LowerDevice } from '../io/device-object.ts';
import { IOCTL } from '../io/ioctl.ts';
import type { Irp } from '../io/irp.ts';
import { VpciDriver } from '../vpci/vpci-driver.ts';
import type { BlockFunctions } from './block-functions.ts';
import { BlockFunctionsChannel } from './block-functions-channel.ts';
import { traceDropped } from './dropped-invalidation.ts';
import type { WorkQueue } from './work-queue.ts';

export interface MiniportDeviceOptions {
  readonly blocks: BlockFunctions;
  readonly work: WorkQueue;
  readonly trace: Trace;
  readonly identity: () => VfIdentity;
  readonly serialNumber: number;
}

/**
 * The device beneath NDIS of a VF miniport that runs on Linux: takes the same IRPs as on Windows,
 * and has the block functions of pci-hyperv do them. The first IOCTL_VPCI_INVALIDATE_BLOCK registers
 * the callback. What the callback is told completes the IOCTL in work of its own, mask by mask, and
 * is dropped when none is pended: nothing is latched, as on Linux.
 */
export class MiniportDevice implements LowerDevice {
  readonly #options: MiniportDeviceOptions;
  readonly #vpci: VpciDriver;
  #isRegistered = false;

  constructor(options: MiniportDeviceOptions) {
    this.#options = options;
    const { blocks, trace, identity, serialNumber } = options;
    this.#vpci = new VpciDriver(new BlockFunctionsChannel(blocks), trace, identity);
    this.#vpci.serialNumber = serialNumber;
  }

  ioCallDriver(irp: Irp): NtStatus {
    const isInvalidate = irp.stackLocation.ioControlCode === IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK;
    if (isInvalidate && !this.#isRegistered) this.#register();
    return this.#vpci.ioCallDriver(irp);
  }

  /** The miniport has been halted: IRPs that are pended, or come later, fail. */
  remove(): void {
    this.#options.blocks.register(undefined);
    this.#vpci.remove();
  }

  #register(): void {
    this.#isRegistered = true;
    const { blocks, work } = this.#options;
    blocks.register((mask, cause) => {
      const isScheduled = work.schedule(() => this.#deliver(mask, cause));
      if (!isScheduled) this.#dropped(mask, cause, 'no memory for the work that would tell of it');
    });
  }

  #deliver(mask: BlockMask, cause: number): void {
    if (this.#vpci.isInvalidatePended) this.#vpci.notifyInvalidate(mask, cause);
    else this.#dropped(mask, cause, 'no IOCTL_VPCI_INVALIDATE_BLOCK is pended');
  }

  #dropped(mask: BlockMask, cause: number, note: string): void {
    traceDropped(this.#options.trace, this.#options.identity(), mask, cause, note);
  }
}
