import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { PCI_TYPE0_ADDRESSES } from '#shared/pci/configuration-space.ts';

/** The structures of the OIDs that ask for the Base Address Registers (BARs) of VFs. */

/** NDIS_SRIOV_PROBED_BARS_INFO: Header at 0, BaseRegisterValuesOffset at 4 (4). Source: ntddndis.h. */
export const SIZEOF_PROBED_BARS_INFO = 8;

/** The six ULONGs to which BaseRegisterValuesOffset leads. */
export const SIZEOF_BASE_REGISTER_VALUES = 4 * PCI_TYPE0_ADDRESSES;

/**
 * NDIS_SRIOV_BAR_RESOURCES_INFO: Header at 0, VFId at 4 (2), BarIndex at 6 (2), BarResourcesOffset at
 * 8 (4). Source: ntddndis.h.
 */
export const SIZEOF_BAR_RESOURCES_INFO = 12;

/**
 * CM_PARTIAL_RESOURCE_DESCRIPTOR, to which BarResourcesOffset leads: Type at 0 (1), ShareDisposition
 * at 1 (1), Flags at 2 (2), u.Memory.Start at 4 (8), u.Memory.Length at 12 (4), 4 of padding. Only
 * memory is described here, and no flag of it means anything without memory behind it.
 * Source: wdm.h.
 */
export const SIZEOF_PARTIAL_RESOURCE_DESCRIPTOR = 20;

/** CmResourceTypeMemory, CmResourceShareDeviceExclusive. Source: wdm.h. */
const CM_RESOURCE_TYPE_MEMORY = 3;
const CM_RESOURCE_SHARE_DEVICE_EXCLUSIVE = 1;

/** A query for the BARs, with room for them. */
export function newProbedBarsInfo(): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_PROBED_BARS_INFO + SIZEOF_BASE_REGISTER_VALUES);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_PROBED_BARS_INFO);
  view.setUint32(4, SIZEOF_PROBED_BARS_INFO, true);
  return bytes;
}

/** BaseRegisterValuesOffset; undefined when the buffer holds no such structure. */
export function parseProbedBarsInfo(bytes: Uint8Array): number | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_PROBED_BARS_INFO)) return undefined;
  return viewOf(bytes).getUint32(4, true);
}

/** Stores the BARs at BaseRegisterValuesOffset; the caller has seen that there is room. */
export function setBaseRegisterValues(
  bytes: Uint8Array,
  offset: number,
  values: Uint32Array,
): void {
  const view = viewOf(bytes);
  for (const [index, value] of values.entries()) view.setUint32(offset + 4 * index, value, true);
}

/** The BARs in a completed query; undefined when they are not in the buffer. */
export function baseRegisterValues(bytes: Uint8Array): readonly number[] | undefined {
  const offset = parseProbedBarsInfo(bytes);
  if (offset === undefined || offset + SIZEOF_BASE_REGISTER_VALUES > bytes.byteLength) {
    return undefined;
  }
  const view = viewOf(bytes);
  return Array.from({ length: PCI_TYPE0_ADDRESSES }, (_, index) =>
    view.getUint32(offset + 4 * index, true),
  );
}

/** A request for the memory of one BAR of a VF, with room for its description. */
export function newBarResourcesInfo(vfId: number, barIndex: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_BAR_RESOURCES_INFO + SIZEOF_PARTIAL_RESOURCE_DESCRIPTOR);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_BAR_RESOURCES_INFO);
  view.setUint16(4, vfId, true);
  view.setUint16(6, barIndex, true);
  view.setUint32(8, SIZEOF_BAR_RESOURCES_INFO, true);
  return bytes;
}

/** NDIS_SRIOV_BAR_RESOURCES_INFO. */
export interface BarResourcesInfo {
  readonly vfId: number;
  readonly barIndex: number;
  readonly barResourcesOffset: number;
}

/** What is asked for; undefined when the buffer holds no such structure. */
export function parseBarResourcesInfo(bytes: Uint8Array): BarResourcesInfo | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_BAR_RESOURCES_INFO)) return undefined;
  const view = viewOf(bytes);
  return {
    vfId: view.getUint16(4, true),
    barIndex: view.getUint16(6, true),
    barResourcesOffset: view.getUint32(8, true),
  };
}

/** Stores a CM_PARTIAL_RESOURCE_DESCRIPTOR; the caller has seen that there is room. */
export function setMemoryDescriptor(
  bytes: Uint8Array,
  offset: number,
  { start, length }: { readonly start: bigint; readonly length: number },
): void {
  const view = viewOf(bytes);
  view.setUint8(offset, CM_RESOURCE_TYPE_MEMORY);
  view.setUint8(offset + 1, CM_RESOURCE_SHARE_DEVICE_EXCLUSIVE);
  view.setBigUint64(offset + 4, start, true);
  view.setUint32(offset + 12, length, true);
}

/** The memory in a completed request; undefined when its descriptor describes none. */
export function memoryOfBarResources(
  bytes: Uint8Array,
): { readonly start: bigint; readonly length: number } | undefined {
  const offset = parseBarResourcesInfo(bytes)?.barResourcesOffset;
  if (offset === undefined || offset + SIZEOF_PARTIAL_RESOURCE_DESCRIPTOR > bytes.byteLength) {
    return undefined;
  }
  const view = viewOf(bytes);
  if (view.getUint8(offset) !== CM_RESOURCE_TYPE_MEMORY) return undefined;
  return { start: view.getBigUint64(offset + 4, true), length: view.getUint32(offset + 12, true) };
}
