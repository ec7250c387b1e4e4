import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { readCountedString } from './counted-string.ts';

/**
 * NDIS_NIC_SWITCH_INFO, revision 1: as NDIS_NIC_SWITCH_PARAMETERS up to NumVFs at 532, then
 * NumAllocatedVFs at 536, NumVPorts at 540, NumActiveVPorts at 544, NumQueuePairsForDefaultVPort at
 * 548, NumQueuePairsForNonDefaultVPorts at 552, NumActiveDefaultVPortMacAddresses at 556,
 * NumActiveNonDefaultVPortMacAddresses at 560, and two numbers of VLAN identifiers at 564.
 * Source: ntddndis.h.
 */
export const SIZEOF_NIC_SWITCH_INFO = 572;

/** NDIS_NIC_SWITCH_INFO_ARRAY: Header at 0, FirstElementOffset at 4, NumElements at 8, ElementSize at 12. */
export const SIZEOF_NIC_SWITCH_INFO_ARRAY = 16;

/** Where the members that both structures share end: after NumVFs. */
const SHARED_WITH_PARAMETERS = 536;

interface NicSwitchCounts {
  readonly numAllocatedVfs: number;
  /** VPorts that there may be, with the default one. */
  readonly numVPorts: number;
  /** VPorts that there are, with the default one. */
  readonly numActiveVPorts: number;
}

/** What changes of a NIC switch while it exists. */
export interface NicSwitchState extends NicSwitchCounts {
  /** Receive filters that are on nondefault VPorts. */
  readonly numMovedFilters: number;
}

/** What NDIS tells of a NIC switch. */
export interface NicSwitchInfo extends NicSwitchCounts {
  readonly switchId: number;
  readonly friendlyName: string;
  readonly numVfs: number;
}

/**
 * The information on a switch that was created with these NDIS_NIC_SWITCH_PARAMETERS. There is no
 * data path: every VPort has one queue pair, a receive filter is one of a MAC address, and those of
 * the default VPort are nobody's to know.
 */
export function newNicSwitchInfo(parameters: Uint8Array, state: NicSwitchState): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_NIC_SWITCH_INFO);
  bytes.set(parameters.subarray(0, SHARED_WITH_PARAMETERS));
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_NIC_SWITCH_INFO);
  view.setUint32(536, state.numAllocatedVfs, true);
  view.setUint32(540, state.numVPorts, true);
  view.setUint32(544, state.numActiveVPorts, true);
  view.setUint32(548, 1, true);
  view.setUint32(552, state.numActiveVPorts - 1, true);
  view.setUint32(560, state.numMovedFilters, true);
  return bytes;
}

/** An array of these NDIS_NIC_SWITCH_INFO structures. */
export function newNicSwitchInfoArray(elements: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    SIZEOF_NIC_SWITCH_INFO_ARRAY + elements.length * SIZEOF_NIC_SWITCH_INFO,
  );
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_NIC_SWITCH_INFO_ARRAY);
  view.setUint32(4, SIZEOF_NIC_SWITCH_INFO_ARRAY, true);
  view.setUint32(8, elements.length, true);
  view.setUint32(12, SIZEOF_NIC_SWITCH_INFO, true);
  elements.forEach((element, index) => {
    bytes.set(element, SIZEOF_NIC_SWITCH_INFO_ARRAY + index * SIZEOF_NIC_SWITCH_INFO);
  });
  return bytes;
}

/** The switches in an array; undefined when the buffer holds none, or less than it says. */
export function parseNicSwitchInfoArray(bytes: Uint8Array): readonly NicSwitchInfo[] | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_NIC_SWITCH_INFO_ARRAY)) return undefined;
  const view = viewOf(bytes);
  const first = view.getUint32(4, true);
  const count = view.getUint32(8, true);
  const size = view.getUint32(12, true);
  if (count === 0) return [];
  if (size < SIZEOF_NIC_SWITCH_INFO || bytes.byteLength < first + count * size) return undefined;
  return Array.from({ length: count }, (_, index) =>
    parseNicSwitchInfo(bytes.subarray(first + index * size)),
  );
}

function parseNicSwitchInfo(bytes: Uint8Array): NicSwitchInfo {
  const view = viewOf(bytes);
  return {
    switchId: view.getUint32(12, true),
    friendlyName: readCountedString(bytes, 16),
    numVfs: view.getUint32(532, true),
    numAllocatedVfs: view.getUint32(536, true),
    numVPorts: view.getUint32(540, true),
    numActiveVPorts: view.getUint32(544, true),
  };
}
