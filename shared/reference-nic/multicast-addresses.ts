import { newBlock, openBlock } from './block.ts';
import { type ContentVersions, writeContentVersions } from './content-versions.ts';
import {
  isMulticastAddress,
  MAC_ADDRESS_SIZE,
  type MacAddress,
  readMacAddress,
  writeMacAddress,
} from './mac-address.ts';

/** The most multicast addresses that the block has room for. */
export const MAX_MULTICAST_ADDRESSES = 18;

const ADDRESSES_OFFSET = 20;

/**
 * Block 2, multicast addresses: 128 bytes.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 16 | header, see {@link ContentVersions} |
 * | 16 | 2 | number of addresses, 0 to 18 |
 * | 18 | 2 | reserved: 0 when written, ignored when read |
 * | 20 | 108 | addresses, 6 bytes each, with the group bit; those beyond the number are 0 |
 */
export function encodeMulticastAddresses(
  addresses: readonly MacAddress[],
  versions: ContentVersions,
): Uint8Array {
  const { bytes, view } = newBlock();
  writeContentVersions(bytes, versions);
  view.setUint16(16, addresses.length, true);
  for (const [index, address] of addresses.entries()) {
    writeMacAddress(view, ADDRESSES_OFFSET + MAC_ADDRESS_SIZE * index, address);
  }
  return bytes;
}

/** The contents of block 2; undefined when the bytes are no such block. */
export function decodeMulticastAddresses(bytes: Uint8Array): readonly MacAddress[] | undefined {
  const view = openBlock(bytes);
  if (view === undefined) return undefined;
  const count = view.getUint16(16, true);
  if (count > MAX_MULTICAST_ADDRESSES) return undefined;
  const addresses = Array.from({ length: count }, (_, index) =>
    readMacAddress(view, ADDRESSES_OFFSET + MAC_ADDRESS_SIZE * index),
  );
  return addresses.every(isMulticastAddress) ? addresses : undefined;
}
