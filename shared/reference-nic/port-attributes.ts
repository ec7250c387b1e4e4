import { newBlock, openBlock } from './block.ts';
import { type ContentVersions, writeContentVersions } from './content-versions.ts';
import {
  isUnicastAddress,
  type MacAddress,
  readMacAddress,
  writeMacAddress,
} from './mac-address.ts';

/** NDIS_MEDIA_CONNECT_STATE. Source: the WDK's ifdef.h. */
export const NDIS_MEDIA_CONNECT_STATE = {
  MediaConnectStateUnknown: 0,
  MediaConnectStateConnected: 1,
  MediaConnectStateDisconnected: 2,
} as const;

export type NdisMediaConnectState = keyof typeof NDIS_MEDIA_CONNECT_STATE;

const states = new Map<number, NdisMediaConnectState>([
  [NDIS_MEDIA_CONNECT_STATE.MediaConnectStateUnknown, 'MediaConnectStateUnknown'],
  [NDIS_MEDIA_CONNECT_STATE.MediaConnectStateConnected, 'MediaConnectStateConnected'],
  [NDIS_MEDIA_CONNECT_STATE.MediaConnectStateDisconnected, 'MediaConnectStateDisconnected'],
]);

/** The smallest and the largest MTU that the device carries, in bytes. */
export const MTU_RANGE = { min: 576, max: 9216 } as const;

/** The largest VLAN id of IEEE 802.1Q; 4095 is reserved. */
export const MAX_VLAN_ID = 4094;

/** What a VF is on the network. */
export interface PortAttributes {
  readonly macAddress: MacAddress;
  /** 0 is untagged. */
  readonly vlanId: number;
  /** Bytes, 576 to 9216. */
  readonly mtu: number;
  readonly linkState: NdisMediaConnectState;
  /** Bits per second, an unsigned 64-bit number. */
  readonly linkSpeed: bigint;
}

/**
 * Block 0, port attributes: 128 bytes.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 16 | header, see {@link ContentVersions} |
 * | 16 | 6 | MAC address, a unicast one |
 * | 22 | 2 | VLAN id, 0 to 4094; 0 is untagged |
 * | 24 | 4 | MTU in bytes, 576 to 9216 |
 * | 28 | 4 | link state, NDIS_MEDIA_CONNECT_STATE |
 * | 32 | 8 | link speed in bits per second |
 * | 40 | 88 | reserved: 0 when written, ignored when read |
 */
export function encodePortAttributes(
  attributes: PortAttributes,
  versions: ContentVersions,
): Uint8Array {
  const { bytes, view } = newBlock();
  writeContentVersions(bytes, versions);
  writeMacAddress(view, 16, attributes.macAddress);
  view.setUint16(22, attributes.vlanId, true);
  view.setUint32(24, attributes.mtu, true);
  view.setUint32(28, NDIS_MEDIA_CONNECT_STATE[attributes.linkState], true);
  view.setBigUint64(32, attributes.linkSpeed, true);
  return bytes;
}

/** The contents of block 0; undefined when the bytes are no such block. */
export function decodePortAttributes(bytes: Uint8Array): PortAttributes | undefined {
  const view = openBlock(bytes);
  if (view === undefined) return undefined;
  const macAddress = readMacAddress(view, 16);
  const vlanId = view.getUint16(22, true);
  const mtu = view.getUint32(24, true);
  const linkState = states.get(view.getUint32(28, true));
  if (linkState === undefined || !isUnicastAddress(macAddress)) return undefined;
  if (vlanId > MAX_VLAN_ID || mtu < MTU_RANGE.min || mtu > MTU_RANGE.max) return undefined;
  return { macAddress, vlanId, mtu, linkState, linkSpeed: view.getBigUint64(32, true) };
}
