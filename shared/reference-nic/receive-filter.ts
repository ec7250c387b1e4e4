import { newBlock, openBlock } from './block.ts';
import { type ContentVersions, writeContentVersions } from './content-versions.ts';
import { MAX_VLAN_ID } from './port-attributes.ts';

/** The packet filters of OID_GEN_CURRENT_PACKET_FILTER that this device has. Source: ntddndis.h. */
export const NDIS_PACKET_TYPE = {
  NDIS_PACKET_TYPE_DIRECTED: 0x00000001,
  NDIS_PACKET_TYPE_MULTICAST: 0x00000002,
  NDIS_PACKET_TYPE_ALL_MULTICAST: 0x00000004,
  NDIS_PACKET_TYPE_BROADCAST: 0x00000008,
  NDIS_PACKET_TYPE_PROMISCUOUS: 0x00000020,
} as const;

const ALL_PACKET_TYPES = Object.values(NDIS_PACKET_TYPE).reduce((all, type) => all | type, 0);

/** The most VLAN ids that the block has room for. */
export const MAX_FILTER_VLANS = 32;

const VLAN_SIZE = 2;
const VLANS_OFFSET = 24;

/** Which frames a VF is given. */
export interface ReceiveFilter {
  /** NDIS_PACKET_TYPE_ flags, ORed. */
  readonly packetTypes: number;
  /** VLANs whose frames are accepted beside those of the port's own; up to 32, each 1 to 4094. */
  readonly vlanIds: readonly number[];
}

/**
 * Block 1, receive filter: 128 bytes.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 16 | header, see {@link ContentVersions} |
 * | 16 | 4 | NDIS_PACKET_TYPE_ flags; a flag that this device has not makes the block invalid |
 * | 20 | 2 | number of VLAN ids, 0 to 32 |
 * | 22 | 2 | reserved: 0 when written, ignored when read |
 * | 24 | 64 | VLAN ids, 2 bytes each, 1 to 4094; those beyond the number are 0 |
 * | 88 | 40 | reserved: 0 when written, ignored when read |
 */
export function encodeReceiveFilter(filter: ReceiveFilter, versions: ContentVersions): Uint8Array {
  const { bytes, view } = newBlock();
  writeContentVersions(bytes, versions);
  view.setUint32(16, filter.packetTypes, true);
  view.setUint16(20, filter.vlanIds.length, true);
  for (const [index, vlanId] of filter.vlanIds.entries()) {
    view.setUint16(VLANS_OFFSET + VLAN_SIZE * index, vlanId, true);
  }
  return bytes;
}

/** The contents of block 1; undefined when the bytes are no such block. */
export function decodeReceiveFilter(bytes: Uint8Array): ReceiveFilter | undefined {
  const view = openBlock(bytes);
  if (view === undefined) return undefined;
  const packetTypes = view.getUint32(16, true);
  const count = view.getUint16(20, true);
  if ((packetTypes & ~ALL_PACKET_TYPES) !== 0 || count > MAX_FILTER_VLANS) return undefined;
  const vlanIds = Array.from({ length: count }, (_, index) =>
    view.getUint16(VLANS_OFFSET + VLAN_SIZE * index, true),
  );
  if (!vlanIds.every((vlanId) => vlanId >= 1 && vlanId <= MAX_VLAN_ID)) return undefined;
  return { packetTypes, vlanIds };
}
