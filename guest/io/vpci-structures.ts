import { readUlong, viewOf, writeUlong } from '#shared/ndis/object-header.ts';
import { type BlockId, type BlockMask, blockMask } from '#shared/vpci/config-block.ts';

/** The structures of the VPCI IOCTLs, little-endian, at the offsets of x64. Source: vpci.h. */

/** VPCI_READ_BLOCK_INPUT: BlockId at 0 (4), BytesRequested at 4 (4). */
export const SIZEOF_VPCI_READ_BLOCK_INPUT = 8;

/** VPCI_WRITE_BLOCK_INPUT: BlockId at 0 (4), DataLength at 4 (4), Data at 8; its sizeof is 12. */
export const SIZEOF_VPCI_WRITE_BLOCK_INPUT = 12;

/** Where Data begins in a VPCI_WRITE_BLOCK_INPUT. */
export const VPCI_WRITE_BLOCK_INPUT_DATA = 8;

/** VPCI_INVALIDATE_BLOCK_OUTPUT: BlockMask at 0 (8). */
export const SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT = 8;

export function newReadBlockInput(blockId: BlockId, bytesRequested: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_VPCI_READ_BLOCK_INPUT);
  writeUlong(bytes, 0, blockId);
  writeUlong(bytes, 4, bytesRequested);
  return bytes;
}

/** The caller has checked that `bytes` is long enough. */
export function parseReadBlockInput(bytes: Uint8Array): {
  readonly blockId: BlockId;
  readonly bytesRequested: number;
} {
  return { blockId: readUlong(bytes, 0), bytesRequested: readUlong(bytes, 4) };
}

/**
 * A VPCI_WRITE_BLOCK_INPUT that holds `data`. It is never shorter than the structure's sizeof, which
 * the documents ask for, though one byte of data would end before it.
 */
export function newWriteBlockInput(blockId: BlockId, data: Uint8Array): Uint8Array {
  const needed = VPCI_WRITE_BLOCK_INPUT_DATA + data.byteLength;
  const bytes = new Uint8Array(Math.max(SIZEOF_VPCI_WRITE_BLOCK_INPUT, needed));
  writeUlong(bytes, 0, blockId);
  writeUlong(bytes, 4, data.byteLength);
  bytes.set(data, VPCI_WRITE_BLOCK_INPUT_DATA);
  return bytes;
}

/** The caller has checked that `bytes` is at least as long as the structure. */
export function parseWriteBlockInput(bytes: Uint8Array): {
  readonly blockId: BlockId;
  readonly dataLength: number;
} {
  return { blockId: readUlong(bytes, 0), dataLength: readUlong(bytes, 4) };
}

/** Stores the mask where a completed IOCTL_VPCI_INVALIDATE_BLOCK delivers it. */
export function writeInvalidateBlockOutput(bytes: Uint8Array, mask: BlockMask): void {
  viewOf(bytes).setBigUint64(0, blockMask(mask), true);
}

/** The mask that a completed IOCTL_VPCI_INVALIDATE_BLOCK delivered. */
export function parseInvalidateBlockOutput(bytes: Uint8Array): BlockMask {
  return viewOf(bytes).getBigUint64(0, true);
}
