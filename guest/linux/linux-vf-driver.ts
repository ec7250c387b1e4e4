import type { Logger } from 'pino';
import { markKind } from '#shared/plug-in/kind-mark.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { BlockId, BlockMask } from '#shared/vpci/config-block.ts';
import type { BusStatistics } from '../ndis/vf-miniport.ts';

/** What hyperv_read_cfg_blk gives back: its result and what it stores at `bytes_returned`. */
export interface HypervReadResult {
  /** 0, or a negative errno. */
  readonly error: number;
  /** How many bytes of the buffer are meant to be data; 0 unless `error` is 0. */
  readonly bytesReturned: number;
}

/**
 * Is told which blocks have changed, once for each message of the host. It runs in atomic context,
 * inside pci-hyperv's channel callback: it must not wait, and reads blocks in work that it schedules.
 */
export type BlockInvalidate<C> = (context: C, blockMask: BlockMask) => void;

/**
 * A VF on the PCI bus of a Linux guest: a `pci_dev`, with the functions of pci-hyperv-intf that take
 * one. The promises stand for calls that block.
 *
 * Source: Linux: include/linux/hyperv.h, drivers/pci/controller/pci-hyperv-intf.c.
 */
export interface LinuxPciDevice {
  /** Which VF of which guest, for logs: `g1/0`. */
  readonly name: string;
  readonly vendor: number;
  readonly device: number;

  /**
   * Reads a block into the first `length` bytes of `buffer`. Several calls may be under way.
   *
   * The length of a packet is known to a multiple of 8 only, so a block that is shorter than
   * `length` may seem up to 7 bytes longer than it is: what is behind its end is padding.
   *
   * @param length 1 to 128
   * @param blockId any unsigned 32-bit number
   * @returns -EINVAL for a length or an id out of range, -EAGAIN when 64 requests are outstanding,
   * -ENODEV when the device is gone, -EIO when the host fails the read, -EOPNOTSUPP when pci-hyperv
   * has been unloaded
   */
  hyperv_read_cfg_blk(
    buffer: Uint8Array,
    length: number,
    blockId: BlockId,
  ): Promise<HypervReadResult>;

  /**
   * Writes the first `length` bytes of `buffer`, which are taken when it is called, to a block.
   * Returns 0, or a negative errno as {@link hyperv_read_cfg_blk} does.
   */
  hyperv_write_cfg_blk(buffer: Uint8Array, length: number, blockId: BlockId): Promise<number>;

  /**
   * Registers who is told of invalidations, in place of who was before; undefined takes it back.
   * What comes while nobody is registered is dropped. From the return on the callback may be
   * called, whether or not the driver is ready for it. Returns 0, or -EOPNOTSUPP.
   */
  hyperv_reg_block_invalidate<C>(
    context: C,
    blockInvalidate: BlockInvalidate<C> | undefined,
  ): number;
}

/** What the kernel of a Linux guest gives to a VF driver. */
export interface LinuxKernel {
  /** Which VF of which guest, for logs: `g1/0`. */
  readonly name: string;
  /** The parameters of the module. */
  readonly parameters: ReadonlyMap<string, string>;
  /**
   * Time. A driver that uses no other can be run under a test's clock. Its timers run as delayed work
   * does, and may wait.
   */
  readonly clock: Clock;
  readonly log: Logger;
  /** The channel's own counters. */
  busStatistics(): BusStatistics;
  /**
   * Queues work, which may wait, on a queue that runs one piece at a time. May be called in atomic
   * context. Returns false, and the work is lost, when there is no memory: when 1,024 pieces wait.
   */
  scheduleWork(work: () => void | Promise<void>): boolean;
  /**
   * Memory of `size` bytes, cleared, which goes away with the driver. May be called in atomic context,
   * where least is left: undefined stands for NULL.
   */
  kzalloc(size: number): Uint8Array | undefined;
  /** Waits until the work that was scheduled before has run. */
  flushWork(): Promise<void>;
}

/** The driver of one VF in a Linux guest: a `pci_driver`. */
export interface LinuxVfDriver {
  /**
   * Takes the device; it may read and write blocks, and register for invalidations.
   *
   * @returns 0 or nothing; or a negative errno, which ends the VF
   */
  probe(device: LinuxPciDevice): number | undefined | Promise<number | undefined>;
  /**
   * Lets go of the device, and stops its timers. Blocks can be read and written until it returns,
   * unless the device is gone already; then they are -ENODEV.
   */
  remove(device: LinuxPciDevice): void | Promise<void>;
}

/** A kernel module with a VF driver in it: what a driver's file exports as its default. */
export interface LinuxModule {
  /** Makes the driver of one device. */
  readonly init: (kernel: LinuxKernel) => LinuxVfDriver;
}

/** What a driver's file says that it is. */
export const LINUX_VF_DRIVER = 'Linux VF driver';

/** Makes the module of a driver; `init` is called once for each device. */
export function defineLinuxVfDriver(init: LinuxModule['init']): LinuxModule {
  return markKind({ init }, LINUX_VF_DRIVER);
}
