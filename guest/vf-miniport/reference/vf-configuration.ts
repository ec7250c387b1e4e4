import type {
  ConfigurationBlockId,
  ContentVersions,
} from '#shared/reference-nic/content-versions.ts';
import type { MacAddress } from '#shared/reference-nic/mac-address.ts';
import { decodeMulticastAddresses } from '#shared/reference-nic/multicast-addresses.ts';
import {
  decodePortAttributes,
  type PortAttributes,
} from '#shared/reference-nic/port-attributes.ts';
import { decodeReceiveFilter, type ReceiveFilter } from '#shared/reference-nic/receive-filter.ts';

/** All that the PF tells this VF, as it was at one instant. */
export interface VfConfiguration {
  /** Which contents these are: configurations of one VF with the same versions are the same. */
  readonly versions: ContentVersions;
  readonly attributes: PortAttributes;
  readonly receiveFilter: ReceiveFilter;
  readonly multicastAddresses: readonly MacAddress[];
}

/** What blocks 0, 1 and 2 say; or the first of them that holds what such a block cannot. */
export function decodeConfiguration(
  blocks: Readonly<Record<ConfigurationBlockId, Uint8Array>>,
  versions: ContentVersions,
): VfConfiguration | ConfigurationBlockId {
  const attributes = decodePortAttributes(blocks[0]);
  if (attributes === undefined) return 0;
  const receiveFilter = decodeReceiveFilter(blocks[1]);
  if (receiveFilter === undefined) return 1;
  const multicastAddresses = decodeMulticastAddresses(blocks[2]);
  if (multicastAddresses === undefined) return 2;
  return { versions, attributes, receiveFilter, multicastAddresses };
}
