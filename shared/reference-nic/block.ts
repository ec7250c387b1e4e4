import type { BlockId } from '../vpci/config-block.ts';

/**
 * The VF configuration blocks of the reference NIC. The format, the length and the id of a block are
 * the vendor's own; these are this device's.
 */
export const REFERENCE_NIC_BLOCK = {
  /** PF to VF, invalidated when it changes. */
  portAttributes: 0,
  /** PF to VF, invalidated when it changes. */
  receiveFilter: 1,
  /** PF to VF, invalidated when it changes. */
  multicastAddresses: 2,
  /** The VF writes a request and reads the verdict on the last one. */
  mailbox: 16,
  /** The VF writes a report; a read answers the last one. */
  interfaceStatistics: 17,
} as const satisfies Record<string, BlockId>;

/** How the blocks are named to people. */
export const REFERENCE_NIC_BLOCK_NAMES: readonly {
  readonly blockId: BlockId;
  readonly name: string;
}[] = [
  { blockId: REFERENCE_NIC_BLOCK.portAttributes, name: 'port attributes' },
  { blockId: REFERENCE_NIC_BLOCK.receiveFilter, name: 'receive filter' },
  { blockId: REFERENCE_NIC_BLOCK.multicastAddresses, name: 'multicast addresses' },
  { blockId: REFERENCE_NIC_BLOCK.mailbox, name: 'mailbox' },
  { blockId: REFERENCE_NIC_BLOCK.interfaceStatistics, name: 'interface statistics' },
];

/** The bytes of a block. Only a request to the mailbox is shorter. */
export const BLOCK_SIZE = 128;

/** The layout version with which every block begins; a block of another version is not read. */
export const LAYOUT_VERSION = 1;

/** A little-endian view of a block's bytes. */
export function viewOfBlock(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A block of zeros, and its view with the layout version in place. */
export function newBlock(size = BLOCK_SIZE): {
  readonly bytes: Uint8Array;
  readonly view: DataView;
} {
  const bytes = new Uint8Array(size);
  const view = viewOfBlock(bytes);
  view.setUint16(0, LAYOUT_VERSION, true);
  return { bytes, view };
}

/** A view of the bytes when they have the size and the layout version of a block; else undefined. */
export function openBlock(bytes: Uint8Array, size = BLOCK_SIZE): DataView | undefined {
  if (bytes.byteLength !== size) return undefined;
  const view = viewOfBlock(bytes);
  return view.getUint16(0, true) === LAYOUT_VERSION ? view : undefined;
}
