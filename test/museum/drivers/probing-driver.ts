import { defineLinuxVfDriver } from '#guest/linux/linux-vf-driver.ts';
import { VERSIONED_LENGTH } from './versioned-pf.ts';

/** A driver that reads a block of the device that it finds. */
export const probingDriver = defineLinuxVfDriver(() => ({
  async probe(device) {
    const buffer = new Uint8Array(VERSIONED_LENGTH);
    return (await device.hyperv_read_cfg_blk(buffer, VERSIONED_LENGTH, 1)).error;
  },
  remove: () => {},
}));
