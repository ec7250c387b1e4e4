/** The id of a VF configuration block: any unsigned 32-bit number. */
export type BlockId = number;

/** A BlockMask: bit n names block n, of the first 64 blocks. Always a bigint of 64 bits. */
export type BlockMask = bigint;

/** The largest read or write of a configuration block, in bytes. Source: pcivirt.h. */
export const VPCI_MAX_READ_WRITE_BLOCK_SIZE = 128;

/** Only blocks 0 to 63 have a bit in a BlockMask. */
export const INVALIDATABLE_BLOCKS = 64;

const ALL_BITS = 0xffff_ffff_ffff_ffffn;

/**
 * Whether a read or write of `length` bytes is in range. The prose allows 128, the annotation of
 * pcivirt.h reads as below 128, and a shipping driver moves exactly 128: 1 to 128 it is.
 */
export function isBlockLength(length: number): boolean {
  return Number.isInteger(length) && length >= 1 && length <= VPCI_MAX_READ_WRITE_BLOCK_SIZE;
}

/** Whether `value` can be a BlockId at all. */
export function isBlockId(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}

/** The 64 bits of `mask`. */
export function blockMask(mask: bigint): BlockMask {
  return mask & ALL_BITS;
}

/** The mask with the bits of these blocks; blocks of 64 and above have none. */
export function maskOfBlocks(blocks: Iterable<BlockId>): BlockMask {
  let mask = 0n;
  for (const block of blocks) if (block < INVALIDATABLE_BLOCKS) mask |= 1n << BigInt(block);
  return mask;
}

/** The blocks whose bits are set, ascending. */
export function blocksOfMask(mask: BlockMask): BlockId[] {
  const blocks: BlockId[] = [];
  for (let block = 0; block < INVALIDATABLE_BLOCKS; block++) {
    if ((mask >> BigInt(block)) & 1n) blocks.push(block);
  }
  return blocks;
}

/** `0x0000000000000021`: sixteen digits, as the mask crosses the channel and appears in the trace. */
export function maskHex(mask: BlockMask): string {
  return `0x${blockMask(mask).toString(16).padStart(16, '0')}`;
}

/** `0x21` for `0x0000000000000021`. */
export function shortMask(mask: string): string {
  return mask.replace(/^0x0+(?=.)/, '0x');
}
