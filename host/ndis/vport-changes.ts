import { viewOf } from '#shared/ndis/object-header.ts';

/**
 * The flags of a set request of OID_NIC_SWITCH_VPORT_PARAMETERS that name the members it changes, and
 * where each member is. Those of later revisions name members that revision 1 does not have.
 * Source: ntddndis.h; Microsoft Learn: Setting the Parameters of a Virtual Port.
 */
export const VPORT_CHANGES = {
  NDIS_NIC_SWITCH_VPORT_PARAMS_FLAGS_CHANGED: { flag: 0x0001_0000, offset: 4, length: 2 },
  NDIS_NIC_SWITCH_VPORT_PARAMS_NAME_CHANGED: { flag: 0x0002_0000, offset: 16, length: 516 },
  NDIS_NIC_SWITCH_VPORT_PARAMS_INT_MOD_CHANGED: { flag: 0x0004_0000, offset: 540, length: 4 },
  NDIS_NIC_SWITCH_VPORT_PARAMS_STATE_CHANGED: { flag: 0x0008_0000, offset: 544, length: 4 },
  NDIS_NIC_SWITCH_VPORT_PARAMS_PROCESSOR_AFFINITY_CHANGED: {
    flag: 0x0010_0000,
    offset: 552,
    length: 16,
  },
} as const;

/** NDIS_NIC_SWITCH_VPORT_PARAMS_CHANGE_MASK: the flags that name a member; those below are attributes. */
const NDIS_NIC_SWITCH_VPORT_PARAMS_CHANGE_MASK = 0xffff_0000;

const KNOWN_CHANGES = Object.values(VPORT_CHANGES).reduce((mask, { flag }) => mask | flag, 0);

/** Whether every change that these Flags name is one of {@link VPORT_CHANGES}. */
export function areKnownChanges(flags: number): boolean {
  return (flags & NDIS_NIC_SWITCH_VPORT_PARAMS_CHANGE_MASK & ~KNOWN_CHANGES) === 0;
}

/** The parameters of a VPort after a set request, which are those before but for what it names. */
export function changedVPort(parameters: Uint8Array, request: Uint8Array): Uint8Array {
  const changed = parameters.slice();
  const flags = viewOf(request).getUint32(4, true);
  for (const { flag, offset, length } of Object.values(VPORT_CHANGES)) {
    if ((flags & flag) !== 0) changed.set(request.subarray(offset, offset + length), offset);
  }
  return changed;
}
