import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { BLOCK_SIZE } from '#shared/reference-nic/block.ts';
import {
  CONFIGURATION_BLOCKS,
  type ConfigurationBlockId,
  type ContentVersions,
  FIRST_CONTENT_VERSIONS,
  readContentVersions,
} from '#shared/reference-nic/content-versions.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';
import { decodeConfiguration, type VfConfiguration } from './vf-configuration.ts';

/** Rounds of reading after which a PF that keeps changing its blocks is given up on for now. */
const MAX_ROUNDS = 16;

/** A configuration that is whole, or why there is none. */
export type ConfigurationRead =
  | { readonly configuration: VfConfiguration }
  | { readonly failure: string };

/** A block as it was read. */
interface HeldBlock {
  readonly bytes: Uint8Array;
  /** The block's own version, which its own header gave. */
  readonly version: number;
}

/** No block: a header holds no version that equals this one. */
const NOT_HELD: HeldBlock = { bytes: new Uint8Array(), version: -1 };

/**
 * Reads blocks 0, 1 and 2 until what it holds of them is one configuration. The headers of the blocks
 * tell when it is, and {@link ContentVersions} says why that cannot be torn. One call at a time.
 */
export class ConfigurationReader {
  readonly #adapter: VfAdapter;
  readonly #held: Record<ConfigurationBlockId, HeldBlock> = {
    0: NOT_HELD,
    1: NOT_HELD,
    2: NOT_HELD,
  };
  /** The versions in the header of the last read. */
  #latest: ContentVersions = FIRST_CONTENT_VERSIONS;

  constructor(adapter: VfAdapter) {
    this.#adapter = adapter;
  }

  /** These blocks are read again whatever their versions. Others than the three mean nothing here. */
  invalidate(blocks: readonly BlockId[]): void {
    for (const block of CONFIGURATION_BLOCKS) {
      if (blocks.includes(block)) this.#held[block] = NOT_HELD;
    }
  }

  /** Reads what is stale, and only that. An aborted signal ends it after the read under way. */
  async read(signal: AbortSignal): Promise<ConfigurationRead> {
    for (let round = 0; ; round++) {
      const stale = CONFIGURATION_BLOCKS.filter(
        (block) => this.#held[block].version !== this.#latest[block],
      );
      if (stale.length === 0) return this.#decode();
      if (round === MAX_ROUNDS) {
        return { failure: `the blocks changed during each of ${MAX_ROUNDS} rounds of reading` };
      }
      for (const block of stale) {
        const failure = signal.aborted ? 'the VF is halted' : await this.#readBlock(block);
        if (failure !== undefined) return { failure };
      }
    }
  }

  /** Returns why the block was not read. */
  async #readBlock(block: ConfigurationBlockId): Promise<string | undefined> {
    const bytes = new Uint8Array(BLOCK_SIZE);
    const status = await this.#adapter.ndisMReadConfigBlock(block, bytes, BLOCK_SIZE);
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return `the read of block ${block} failed`;
    const versions = readContentVersions(bytes);
    if (versions === undefined) return `block ${block} is of a layout version that is not known`;
    this.#held[block] = { bytes, version: versions[block] };
    this.#latest = versions;
    return undefined;
  }

  #decode(): ConfigurationRead {
    const { 0: attributes, 1: filter, 2: multicast } = this.#held;
    const blocks = { 0: attributes.bytes, 1: filter.bytes, 2: multicast.bytes };
    const decoded = decodeConfiguration(blocks, this.#latest);
    if (typeof decoded !== 'number') return { configuration: decoded };
    // The next call must not take a block for current that says nothing.
    this.invalidate([decoded]);
    return { failure: `block ${decoded} holds a value that is out of range` };
  }
}
