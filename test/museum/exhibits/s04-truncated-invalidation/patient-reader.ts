import { defineLinuxVfDriver, type LinuxPciDevice } from '#guest/linux/linux-vf-driver.ts';
import { type BlockMask, blocksOfMask } from '#shared/vpci/config-block.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

const PATIENCE_MS = 10;

/** A driver that reads its first block at once, and what was invalidated a while later. */
export const patientReader = defineLinuxVfDriver((kernel) => ({
  async probe(device) {
    const error = device.hyperv_reg_block_invalidate(device, (each, mask) => {
      kernel.clock.setTimer(PATIENCE_MS, () => {
        kernel.scheduleWork(() => read(each, mask));
      });
    });
    if (error === 0) await read(device, 2n);
    return error;
  },
  remove: (device) => void device.hyperv_reg_block_invalidate(undefined, undefined),
}));

async function read(device: LinuxPciDevice, mask: BlockMask): Promise<void> {
  for (const blockId of blocksOfMask(mask)) {
    await device.hyperv_read_cfg_blk(new Uint8Array(VERSIONED_LENGTH), VERSIONED_LENGTH, blockId);
  }
}
