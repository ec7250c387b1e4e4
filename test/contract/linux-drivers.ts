import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxModule,
  type LinuxPciDevice,
  type LinuxVfDriver,
} from '#guest/linux/linux-vf-driver.ts';
import { ContractError } from './contract.ts';
import {
  type LinuxVfDriverContractOptions,
  linuxVfDriverContract,
} from './linux-vf-driver-contract.ts';

/** The rules that a driver breaks, in one text. */
export async function brokenBy(
  module: LinuxModule,
  options: LinuxVfDriverContractOptions = {},
): Promise<string> {
  try {
    await linuxVfDriverContract(module, { patienceMs: 10, ...options });
    return '';
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.message;
  }
}

/** Reads a block; returns 0 or a negative errno. */
export async function read(device: LinuxPciDevice, length = 1): Promise<number> {
  return (await device.hyperv_read_cfg_blk(new Uint8Array(length), length, 0)).error;
}

interface Parts {
  /** After it has registered, and before it has taken the device; returns 0 or a negative errno. */
  start?(device: LinuxPciDevice): number | Promise<number>;
  /** Work for an invalidation. */
  work?(device: LinuxPciDevice, mask: bigint): void | Promise<void>;
  /** The callback, instead of one that schedules the work. */
  callback?(device: LinuxPciDevice, mask: bigint): void;
  /** Before it takes its callback back, and after. */
  stop?(device: LinuxPciDevice): void | Promise<void>;
  stopped?(device: LinuxPciDevice): void | Promise<void>;
}

/** A driver that reads a block of which it is told; with `parts` in the place of what it does. */
export function driver(parts: (kernel: LinuxKernel) => Parts = () => ({})): LinuxModule {
  return defineLinuxVfDriver((kernel): LinuxVfDriver => {
    const { start, work, callback, stop, stopped } = parts(kernel);
    const schedule = (device: LinuxPciDevice, mask: bigint): void => {
      const run = work ?? (async () => void (await read(device)));
      kernel.scheduleWork(() => run(device, mask));
    };
    return {
      async probe(device) {
        const told = callback ?? schedule;
        device.hyperv_reg_block_invalidate(device, told);
        const error = (await start?.(device)) ?? 0;
        if (error !== 0) device.hyperv_reg_block_invalidate(undefined, undefined);
        return error;
      },
      async remove(device) {
        await stop?.(device);
        device.hyperv_reg_block_invalidate(undefined, undefined);
        await kernel.flushWork();
        await stopped?.(device);
      },
    };
  });
}

export const forever = (): Promise<never> => new Promise(() => {});

export function thrown(): never {
  throw new Error('broken');
}
