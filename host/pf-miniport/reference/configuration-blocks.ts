import {
  CONFIGURATION_BLOCKS,
  type ConfigurationBlockId,
  type ContentVersions,
  FIRST_CONTENT_VERSIONS,
  nextContentVersion,
  writeContentVersions,
} from '#shared/reference-nic/content-versions.ts';
import { encodeMulticastAddresses } from '#shared/reference-nic/multicast-addresses.ts';
import { encodePortAttributes } from '#shared/reference-nic/port-attributes.ts';
import { encodeReceiveFilter } from '#shared/reference-nic/receive-filter.ts';
import type { VfSettings } from './vf-settings.ts';

type Contents = readonly [Uint8Array, Uint8Array, Uint8Array];

/** The blocks that one VF reads, with the counts of their changes; see {@link ContentVersions}. */
export class ConfigurationBlocks {
  #contents: Contents;
  #versions: ContentVersions = FIRST_CONTENT_VERSIONS;

  constructor(settings: VfSettings) {
    this.#contents = contentsOf(settings);
  }

  get versions(): ContentVersions {
    return this.#versions;
  }

  /** Puts other settings into the blocks, in one step. Returns the blocks whose contents changed. */
  update(settings: VfSettings): ConfigurationBlockId[] {
    const contents = contentsOf(settings);
    const changed = CONFIGURATION_BLOCKS.filter(
      (block) => Buffer.compare(contents[block], this.#contents[block]) !== 0,
    );
    const [attributes, filter, multicast] = this.#versions;
    const next = (block: ConfigurationBlockId, version: number): number =>
      changed.includes(block) ? nextContentVersion(version) : version;
    this.#versions = [next(0, attributes), next(1, filter), next(2, multicast)];
    this.#contents = contents;
    return changed;
  }

  /** A block as the VF reads it now. */
  read(block: ConfigurationBlockId): Uint8Array {
    const bytes = this.#contents[block].slice();
    writeContentVersions(bytes, this.#versions);
    return bytes;
  }
}

/** The blocks, all with the same versions: two of them differ only if their contents do. */
function contentsOf(settings: VfSettings): Contents {
  return [
    encodePortAttributes(settings.attributes, FIRST_CONTENT_VERSIONS),
    encodeReceiveFilter(settings.receiveFilter, FIRST_CONTENT_VERSIONS),
    encodeMulticastAddresses(settings.multicastAddresses, FIRST_CONTENT_VERSIONS),
  ];
}
