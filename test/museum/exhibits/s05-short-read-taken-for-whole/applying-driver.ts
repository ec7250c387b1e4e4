import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxPciDevice,
} from '#guest/linux/linux-vf-driver.ts';
import { delay } from '#shared/time/clock.ts';

export const CONFIGURATION_BLOCK = 1;
/** Where the driver says what it has applied. */
export const APPLIED_BLOCK = 2;
export const BLOCK_BYTES = 16;

const PAUSE_MS = 5;
const MOST_TRIES = 5;

/**
 * A driver that reads its configuration into one buffer, always the same, and applies it; `demandsAll`
 * is whether it looks how many bytes have come.
 */
export function applyingDriver(demandsAll: boolean) {
  return defineLinuxVfDriver((kernel) => {
    const buffer = new Uint8Array(BLOCK_BYTES);
    const refresh = async (device: LinuxPciDevice): Promise<number> => {
      const error = await read(kernel, device, buffer, demandsAll);
      if (error !== 0) return error;
      return await device.hyperv_write_cfg_blk(buffer, BLOCK_BYTES, APPLIED_BLOCK);
    };
    return {
      async probe(device) {
        device.hyperv_reg_block_invalidate(device, (each) => {
          kernel.scheduleWork(async () => void (await refresh(each)));
        });
        return await refresh(device);
      },
      remove: (device) => void device.hyperv_reg_block_invalidate(undefined, undefined),
    };
  });
}

/** Reads until it succeeds. Returns 0, or the negative errno of the last try. */
async function read(
  kernel: LinuxKernel,
  device: LinuxPciDevice,
  buffer: Uint8Array,
  demandsAll: boolean,
): Promise<number> {
  let error = 0;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const result = await device.hyperv_read_cfg_blk(buffer, BLOCK_BYTES, CONFIGURATION_BLOCK);
    error = result.error;
    const isWhole = !demandsAll || result.bytesReturned === BLOCK_BYTES;
    if (error === 0 && isWhole) return 0;
    await delay(kernel.clock, PAUSE_MS);
  }
  return error;
}
