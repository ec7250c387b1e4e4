import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { readCountedString } from './counted-string.ts';
import { NDIS_DEFAULT_SWITCH_ID } from './function-id.ts';

/**
 * NDIS_NIC_SWITCH_VPORT_INFO: Header at 0, VPortId at 4, Flags at 8, SwitchId at 12, then as
 * NDIS_NIC_SWITCH_VPORT_PARAMETERS from VPortName at 16 to LookaheadSize at 568, and NumFilters at
 * 572. Source: ntddndis.h.
 */
const SIZEOF_VPORT_INFO = 576;

/** Where the members that both structures have at one place begin and end. */
const SHARED_WITH_PARAMETERS = { start: 16, end: 572 } as const;

/**
 * NDIS_NIC_SWITCH_VPORT_INFO_ARRAY: Header at 0, Flags at 4, SwitchId at 8, AttachedFunctionId at 12
 * (2), FirstElementOffset at 16, NumElements at 20, ElementSize at 24. Source: ntddndis.h.
 */
export const SIZEOF_VPORT_INFO_ARRAY = 28;

/**
 * FirstElementOffset. Documents leave it open; the choice is the first place behind the array at which
 * an element, which holds members of eight bytes, is aligned.
 */
const FIRST_ELEMENT = 32;

/** Flags with which an issuer asks for the VPorts of one function, or of one switch; never both. */
const NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_FUNCTION = 1;
const NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH = 2;

/** What NDIS tells of a VPort. */
export interface VPortInfo {
  readonly vportId: number;
  readonly name: string;
  /** The VFId of the VF that it is attached to, or NDIS_PF_FUNCTION_ID. */
  readonly attachedFunctionId: number;
  /** A value of NDIS_NIC_SWITCH_VPORT_STATE. */
  readonly vportState: number;
  /** Receive filters that were moved to it. */
  readonly numFilters: number;
}

/** The information on the VPort with these NDIS_NIC_SWITCH_VPORT_PARAMETERS. */
export function newVPortInfo(parameters: Uint8Array, numFilters: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_VPORT_INFO);
  const { start, end } = SHARED_WITH_PARAMETERS;
  bytes.set(parameters.subarray(start, end), start);
  const view = viewOf(bytes);
  const source = viewOf(parameters);
  writeObjectHeader(view, SIZEOF_VPORT_INFO);
  view.setUint32(4, source.getUint32(12, true), true);
  view.setUint32(8, source.getUint32(4, true), true);
  view.setUint32(12, source.getUint32(8, true), true);
  view.setUint32(572, numFilters, true);
  return bytes;
}

/** What an issuer asks for: every VPort. */
export function newVPortInfoQuery(size = SIZEOF_VPORT_INFO_ARRAY): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, SIZEOF_VPORT_INFO_ARRAY));
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_VPORT_INFO_ARRAY);
  view.setUint32(8, NDIS_DEFAULT_SWITCH_ID, true);
  return bytes;
}

/**
 * Of which function an issuer asks for the VPorts, or 'any'; undefined when it asks for nothing that
 * there could be. Members that its Flags do not name are ignored: one page has SwitchId to be 0 always,
 * and says a few lines below that it is ignored.
 */
export function parseVPortInfoQuery(bytes: Uint8Array): number | 'any' | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_VPORT_INFO_ARRAY)) return undefined;
  const view = viewOf(bytes);
  switch (view.getUint32(4, true)) {
    case 0:
      return 'any';
    case NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_FUNCTION:
      return view.getUint16(12, true);
    case NDIS_NIC_SWITCH_VPORT_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH:
      return view.getUint32(8, true) === NDIS_DEFAULT_SWITCH_ID ? 'any' : undefined;
    default:
      return undefined;
  }
}

/** Bytes of an array of so many elements. */
export function sizeOfVPortInfoArray(count: number): number {
  return count === 0 ? SIZEOF_VPORT_INFO_ARRAY : FIRST_ELEMENT + count * SIZEOF_VPORT_INFO;
}

/** An array of these NDIS_NIC_SWITCH_VPORT_INFO structures, for this query. */
export function newVPortInfoArray(query: Uint8Array, elements: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(sizeOfVPortInfoArray(elements.length));
  bytes.set(query.subarray(0, 14));
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_VPORT_INFO_ARRAY);
  view.setUint32(16, FIRST_ELEMENT, true);
  view.setUint32(20, elements.length, true);
  view.setUint32(24, SIZEOF_VPORT_INFO, true);
  elements.forEach((element, index) => {
    bytes.set(element, FIRST_ELEMENT + index * SIZEOF_VPORT_INFO);
  });
  return bytes;
}

/** The VPorts in an array; undefined when the buffer holds none, or less than it says. */
export function parseVPortInfoArray(bytes: Uint8Array): readonly VPortInfo[] | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_VPORT_INFO_ARRAY)) return undefined;
  const view = viewOf(bytes);
  const first = view.getUint32(16, true);
  const count = view.getUint32(20, true);
  const size = view.getUint32(24, true);
  if (count === 0) return [];
  if (size < SIZEOF_VPORT_INFO || bytes.byteLength < first + count * size) return undefined;
  return Array.from({ length: count }, (_, index) =>
    parseVPortInfo(bytes.subarray(first + index * size)),
  );
}

function parseVPortInfo(bytes: Uint8Array): VPortInfo {
  const view = viewOf(bytes);
  return {
    vportId: view.getUint32(4, true),
    name: readCountedString(bytes, 16),
    attachedFunctionId: view.getUint16(532, true),
    vportState: view.getUint32(544, true),
    numFilters: view.getUint32(572, true),
  };
}
