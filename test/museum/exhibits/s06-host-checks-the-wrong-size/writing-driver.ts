import { defineLinuxVfDriver } from '#guest/linux/linux-vf-driver.ts';

const BLOCK = 1;

/** A driver that writes a block of its device, and has no use for the device if it cannot. */
export const writingDriver = defineLinuxVfDriver(() => ({
  probe: async (device) => await device.hyperv_write_cfg_blk(Uint8Array.of(1, 2, 3, 4), 4, BLOCK),
  remove: () => {},
}));
