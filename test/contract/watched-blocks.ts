import { BlockFunctions, type BlockFunctionsOptions } from '#guest/linux/block-functions.ts';
import type { TakeMask } from '#guest/linux/invalidate-callback.ts';
import type { HypervReadResult } from '#guest/linux/linux-vf-driver.ts';
import { ERRNO } from '#shared/linux/errno.ts';
import { type BlockId, isBlockId, isBlockLength } from '#shared/vpci/config-block.ts';

export const ALL_BLOCKS = 0xffff_ffff_ffff_ffffn;

/** The block functions of pci-hyperv for a driver that is watched, and that finds them out of order. */
export class WatchedBlocks extends BlockFunctions {
  /** Every request fails because 64 are outstanding. */
  isFull = false;
  /** Who registers is told of every block, as soon as the call has returned. */
  tellsAtOnce = false;
  /** The driver has let go of its device. */
  isRemoved = false;
  /** Whether a callback is registered. */
  isRegistered = false;
  readonly #breaches: string[];

  constructor(options: BlockFunctionsOptions, breaches: string[]) {
    super(options);
    this.#breaches = breaches;
  }

  override async read(
    buffer: Uint8Array,
    length: number,
    blockId: BlockId,
  ): Promise<HypervReadResult> {
    this.#watch('hyperv_read_cfg_blk', buffer, length, blockId);
    if (this.isFull) return { error: -ERRNO.EAGAIN, bytesReturned: 0 };
    return await super.read(buffer, length, blockId);
  }

  override async write(buffer: Uint8Array, length: number, blockId: BlockId): Promise<number> {
    this.#watch('hyperv_write_cfg_blk', buffer, length, blockId);
    return this.isFull ? -ERRNO.EAGAIN : await super.write(buffer, length, blockId);
  }

  override register(take: TakeMask | undefined): number {
    if (this.isRemoved) this.#breaches.push('it called hyperv_reg_block_invalidate after remove');
    this.isRegistered = take !== undefined;
    const result = super.register(take);
    if (this.isRegistered && this.tellsAtOnce)
      queueMicrotask(() => this.invalidated(ALL_BLOCKS, 0));
    return result;
  }

  #watch(name: string, buffer: Uint8Array, length: number, blockId: BlockId): void {
    const call = `${name}(a buffer of ${buffer.byteLength}, ${String(length)}, ${String(blockId)})`;
    if (this.isRemoved) this.#breaches.push(`it called ${call} after remove`);
    if (!isBlockId(blockId)) this.#breaches.push(`${call}: that is no BlockId`);
    if (!isBlockLength(length)) this.#breaches.push(`${call}: the length is not 1 to 128`);
    if (length > buffer.byteLength) this.#breaches.push(`${call}: the buffer is too small`);
  }
}
