import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxPciDevice,
} from '#guest/linux/linux-vf-driver.ts';
import { blocksOfMask } from '#shared/vpci/config-block.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

/** The blocks of which the driver keeps a copy. */
const BLOCKS = [1] as const;

/** The size of the structure that has the work and the mask of one invalidation. */
const WORK_BYTES = 48;

/**
 * A driver that allocates the work of each invalidation in the callback, where it must not wait for
 * memory; `hasFallback` is whether it has work of its own that needs none, and reads every block.
 */
export function invalidationWorker(hasFallback: boolean) {
  return defineLinuxVfDriver((kernel) => ({
    async probe(device) {
      const error = device.hyperv_reg_block_invalidate(kernel, (_context, mask) => {
        const work = kernel.kzalloc(WORK_BYTES);
        if (work !== undefined) kernel.scheduleWork(() => read(device, blocksOfMask(mask)));
        else if (hasFallback) readEverything(kernel, device);
      });
      if (error !== 0) return error;
      await read(device, BLOCKS);
      return 0;
    },
    remove: (device) => void device.hyperv_reg_block_invalidate(undefined, undefined),
  }));
}

/** Which blocks the lost mask had is not known any more. */
function readEverything(kernel: LinuxKernel, device: LinuxPciDevice): void {
  kernel.scheduleWork(() => read(device, BLOCKS));
}

async function read(device: LinuxPciDevice, blocks: readonly number[]): Promise<void> {
  for (const blockId of blocks) {
    await device.hyperv_read_cfg_blk(new Uint8Array(VERSIONED_LENGTH), VERSIONED_LENGTH, blockId);
  }
}
