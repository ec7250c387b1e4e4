import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxPciDevice,
} from '#guest/linux/linux-vf-driver.ts';
import { type BlockMask, blocksOfMask } from '#shared/vpci/config-block.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

/** A driver that reads what was invalidated; `coalesces` masks that come before it has read. */
export function stormyVf(coalesces: boolean) {
  return defineLinuxVfDriver((kernel) => ({
    async probe(device) {
      const invalidated = coalesces ? oredWork(kernel, device) : oneWorkEach(kernel, device);
      const error = device.hyperv_reg_block_invalidate(kernel, (_context, mask) =>
        invalidated(mask),
      );
      if (error === 0) await read(device, 2n);
      return error;
    },
    remove: (device) => void device.hyperv_reg_block_invalidate(undefined, undefined),
  }));
}

type Invalidated = (mask: BlockMask) => void;

/** Every message is a piece of work, which knows nothing of the others. */
function oneWorkEach(kernel: LinuxKernel, device: LinuxPciDevice): Invalidated {
  return (mask) => void kernel.scheduleWork(() => read(device, mask));
}

/** One piece of work, however many messages come before it runs. */
function oredWork(kernel: LinuxKernel, device: LinuxPciDevice): Invalidated {
  let waiting = 0n;
  let isScheduled = false;
  return (mask) => {
    waiting |= mask;
    if (isScheduled) return;
    isScheduled = kernel.scheduleWork(async () => {
      isScheduled = false;
      const taken = waiting;
      waiting = 0n;
      await read(device, taken);
    });
  };
}

async function read(device: LinuxPciDevice, mask: BlockMask): Promise<void> {
  for (const blockId of blocksOfMask(mask)) {
    await device.hyperv_read_cfg_blk(new Uint8Array(VERSIONED_LENGTH), VERSIONED_LENGTH, blockId);
  }
}
