import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { readCountedString, SIZEOF_COUNTED_STRING, writeCountedString } from './counted-string.ts';
import { NDIS_DEFAULT_SWITCH_ID } from './function-id.ts';

/**
 * NDIS_NIC_SWITCH_PARAMETERS, revision 1: Header at 0, Flags at 4, SwitchType at 8, SwitchId at 12,
 * SwitchFriendlyName at 16 (516 bytes), NumVFs at 532, three reserved ULONGs at 536.
 * Source: ntddndis.h.
 */
export const SIZEOF_NIC_SWITCH_PARAMETERS = 548;

/** NdisNicSwitchTypeExternal. */
const NDIS_NIC_SWITCH_TYPE_EXTERNAL = 1;

const NUM_VFS_OFFSET = 16 + SIZEOF_COUNTED_STRING;

export function newNicSwitchParameters(friendlyName: string, numVfs: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_NIC_SWITCH_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_NIC_SWITCH_PARAMETERS);
  view.setUint32(8, NDIS_NIC_SWITCH_TYPE_EXTERNAL, true);
  view.setUint32(12, NDIS_DEFAULT_SWITCH_ID, true);
  writeCountedString(bytes, 16, friendlyName);
  view.setUint32(NUM_VFS_OFFSET, numVfs, true);
  return bytes;
}

export interface NicSwitchParameters {
  readonly flags: number;
  readonly switchId: number;
  readonly friendlyName: string;
  readonly numVfs: number;
}

/** What is in the structure; undefined when the buffer holds none. */
export function parseNicSwitchParameters(bytes: Uint8Array): NicSwitchParameters | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_NIC_SWITCH_PARAMETERS)) return undefined;
  const view = viewOf(bytes);
  return {
    flags: view.getUint32(4, true),
    switchId: view.getUint32(12, true),
    friendlyName: readCountedString(bytes, 16),
    numVfs: view.getUint32(NUM_VFS_OFFSET, true),
  };
}

/** The flag of a set request that changes SwitchFriendlyName, the only member that can be changed. */
const NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED = 0x0001_0000;

/** NDIS_NIC_SWITCH_PARAMETERS_CHANGE_MASK: the flags that name a member to change. */
const NDIS_NIC_SWITCH_PARAMETERS_CHANGE_MASK = 0xffff_0000;

/** Whether these Flags name no member to change but the name. */
export function isRename(flags: number): boolean {
  const others = ~NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED;
  return (flags & NDIS_NIC_SWITCH_PARAMETERS_CHANGE_MASK & others) === 0;
}

/** The parameters of a switch after a set request, which are those before but for what it names. */
export function changedNicSwitch(parameters: Uint8Array, request: Uint8Array): Uint8Array {
  const changed = parameters.slice();
  const flags = parseNicSwitchParameters(request)?.flags ?? 0;
  if ((flags & NDIS_NIC_SWITCH_PARAMETERS_SWITCH_NAME_CHANGED) !== 0) {
    changed.set(request.subarray(16, NUM_VFS_OFFSET), 16);
  }
  return changed;
}

/** NDIS_NIC_SWITCH_DELETE_SWITCH_PARAMETERS: Header at 0, Flags at 4, SwitchId at 8. */
export const SIZEOF_DELETE_SWITCH_PARAMETERS = 12;

export function newDeleteSwitchParameters(switchId: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_DELETE_SWITCH_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_DELETE_SWITCH_PARAMETERS);
  view.setUint32(8, switchId, true);
  return bytes;
}
