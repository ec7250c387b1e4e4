import { openBlock, REFERENCE_NIC_BLOCK, viewOfBlock } from './block.ts';

/**
 * The header of the blocks that the PF fills and the VF reads, and how it keeps a configuration whole.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 2 | layout version, 1 |
 * | 2 | 2 | reserved, 0 |
 * | 4 | 4 | content version of block 0 |
 * | 8 | 4 | content version of block 1 |
 * | 12 | 4 | content version of block 2 |
 *
 * A configuration is spread over three blocks, and a read moves one. Between two reads the PF may
 * change them all, so a VF that just read all three could hold half of an old configuration and half
 * of a new one. The header prevents it:
 *
 * - The PF counts the changes of each block of each VF. It changes all three blocks and their counts
 *   in one step, between two OID requests, and answers a read with the block's contents and with all
 *   three counts as they are at that moment.
 * - The VF keeps, with each block, the count that the block's own read gave for it. It applies a
 *   configuration only when each of these equals the count that its very last read lists for that
 *   block. Otherwise it reads the blocks again whose counts differ.
 *
 * Why that cannot be torn: for one VF, a block and its count name one content, since the count moves
 * with every change. Let the last read have been answered at the instant T. Its header lists what
 * each block's count was at T; a block held under the same count is therefore the block as it was at
 * T, no matter when it was read. All three are so, and together they are the configuration of T.
 *
 * A change after T is told by its own invalidation, and the VF reads again. A count starts at 1 when
 * the VF is allocated, goes on across a reset of the VF, and has 32 bits.
 */
export type ContentVersions = readonly [number, number, number];

/** The blocks that carry the header, in the order of their versions. */
export const CONFIGURATION_BLOCKS = [
  REFERENCE_NIC_BLOCK.portAttributes,
  REFERENCE_NIC_BLOCK.receiveFilter,
  REFERENCE_NIC_BLOCK.multicastAddresses,
] as const;

/** One of the three blocks that the PF fills and the VF reads; also its index in the versions. */
export type ConfigurationBlockId = (typeof CONFIGURATION_BLOCKS)[number];

/** The versions with which the blocks of a VF begin. */
export const FIRST_CONTENT_VERSIONS: ContentVersions = [1, 1, 1];

/** Writes the versions into a block that has its layout version already. */
export function writeContentVersions(bytes: Uint8Array, versions: ContentVersions): void {
  const view = viewOfBlock(bytes);
  view.setUint32(4, versions[0], true);
  view.setUint32(8, versions[1], true);
  view.setUint32(12, versions[2], true);
}

/** The versions in the header of a block; undefined when the bytes are no such block. */
export function readContentVersions(bytes: Uint8Array): ContentVersions | undefined {
  const view = openBlock(bytes);
  if (view === undefined) return undefined;
  return [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)];
}

/** The version that follows, in 32 bits. */
export function nextContentVersion(version: number): number {
  return (version + 1) >>> 0;
}

/** Whether the block is one of the three. */
export function isConfigurationBlock(blockId: number): blockId is ConfigurationBlockId {
  return CONFIGURATION_BLOCKS.some((block) => block === blockId);
}
