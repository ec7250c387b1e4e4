import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { NDIS_DEFAULT_SWITCH_ID } from './function-id.ts';
import { parseVfParameters, SIZEOF_VF_PARAMETERS, type VfInfo } from './vf-parameters.ts';

/** NDIS_NIC_SWITCH_VF_INFO has the members of NDIS_NIC_SWITCH_VF_PARAMETERS. Source: ntddndis.h. */
export const SIZEOF_VF_INFO = SIZEOF_VF_PARAMETERS;

/**
 * NDIS_NIC_SWITCH_VF_INFO_ARRAY: Header at 0, Flags at 4, SwitchId at 8, FirstElementOffset at 12,
 * NumElements at 16, ElementSize at 20. Source: ntddndis.h.
 */
export const SIZEOF_VF_INFO_ARRAY = 24;

/** The flag with which an issuer asks for the VFs of one switch; it is the only one. */
export const NDIS_NIC_SWITCH_VF_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH = 1;

/** What an issuer asks for: the VFs of the default switch, which is the only one there is. */
export function newVfInfoQuery(size = SIZEOF_VF_INFO_ARRAY): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, SIZEOF_VF_INFO_ARRAY));
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_VF_INFO_ARRAY);
  view.setUint32(8, NDIS_DEFAULT_SWITCH_ID, true);
  return bytes;
}

/** Whether an issuer asks for what there is. */
export function isVfInfoQuery(bytes: Uint8Array): boolean {
  if (!hasObjectHeader(bytes, SIZEOF_VF_INFO_ARRAY)) return false;
  const view = viewOf(bytes);
  const flags = view.getUint32(4, true);
  return (
    (flags === 0 || flags === NDIS_NIC_SWITCH_VF_INFO_ARRAY_ENUM_ON_SPECIFIC_SWITCH) &&
    view.getUint32(8, true) === NDIS_DEFAULT_SWITCH_ID
  );
}

/** An array of these NDIS_NIC_SWITCH_VF_INFO structures; its Flags and SwitchId are the query's. */
export function newVfInfoArray(query: Uint8Array, elements: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_VF_INFO_ARRAY + elements.length * SIZEOF_VF_INFO);
  bytes.set(query.subarray(0, 12));
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_VF_INFO_ARRAY);
  view.setUint32(12, SIZEOF_VF_INFO_ARRAY, true);
  view.setUint32(16, elements.length, true);
  view.setUint32(20, SIZEOF_VF_INFO, true);
  elements.forEach((element, index) => {
    bytes.set(element, SIZEOF_VF_INFO_ARRAY + index * SIZEOF_VF_INFO);
  });
  return bytes;
}

/** The VFs in an array; undefined when the buffer holds none, or less than it says. */
export function parseVfInfoArray(bytes: Uint8Array): readonly VfInfo[] | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_VF_INFO_ARRAY)) return undefined;
  const view = viewOf(bytes);
  const first = view.getUint32(12, true);
  const count = view.getUint32(16, true);
  const size = view.getUint32(20, true);
  if (count === 0) return [];
  if (size < SIZEOF_VF_INFO || bytes.byteLength < first + count * size) return undefined;
  return Array.from({ length: count }, (_, index) =>
    parseVfParameters(bytes.subarray(first + index * size)),
  ).filter((vf) => vf !== undefined);
}
