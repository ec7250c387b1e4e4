import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { readCountedString, writeCountedString } from './counted-string.ts';
import { NDIS_DEFAULT_SWITCH_ID } from './function-id.ts';
import { NDIS_DEFAULT_VPORT_ID } from './vport-id.ts';

/**
 * NDIS_NIC_SWITCH_VPORT_PARAMETERS, revision 1: Header at 0, Flags at 4, SwitchId at 8, VPortId at
 * 12, VPortName at 16 (516 bytes), AttachedFunctionId at 532 (2), NumQueuePairs at 536,
 * InterruptModeration at 540, VPortState at 544, ProcessorAffinity at 552 (a GROUP_AFFINITY of 16
 * bytes), LookaheadSize at 568. Source: ntddndis.h.
 */
const SIZEOF_VPORT_PARAMETERS = 576;
/** NDIS_SIZEOF_NIC_SWITCH_VPORT_PARAMETERS_REVISION_1 ends with its last member. */
export const NDIS_SIZEOF_VPORT_PARAMETERS = 572;

const OFFSET = {
  flags: 4,
  switchId: 8,
  vportId: 12,
  vportName: 16,
  attachedFunctionId: 532,
  numQueuePairs: 536,
  interruptModeration: 540,
  vportState: 544,
} as const;

/** NDIS_NIC_SWITCH_VPORT_STATE. Source: ntddndis.h. */
export const NDIS_NIC_SWITCH_VPORT_STATE = {
  NdisNicSwitchVPortStateUndefined: 0,
  NdisNicSwitchVPortStateActivated: 1,
  NdisNicSwitchVPortStateDeactivated: 2,
} as const;

/** What may be asked of a VPort that is to be created. */
export interface NewVPort {
  /** A description for people. */
  readonly name: string;
  /** The VFId of the VF that it is attached to, or NDIS_PF_FUNCTION_ID. */
  readonly attachedFunctionId: number;
}

export interface VPortParameters extends NewVPort {
  readonly flags: number;
  readonly switchId: number;
  readonly vportId: number;
  readonly numQueuePairs: number;
  /** NDIS_NIC_SWITCH_VPORT_INTERRUPT_MODERATION; 0 is undefined. */
  readonly interruptModeration: number;
  /** A value of {@link NDIS_NIC_SWITCH_VPORT_STATE}. */
  readonly vportState: number;
}

/**
 * The request for a VPort: its VPortId is the default one's, since another is NDIS's to choose. It is
 * to be active from the start, as a VPort of a VF is, and the default VPort.
 */
export function newVPortParameters({ name, attachedFunctionId }: NewVPort): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_VPORT_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, NDIS_SIZEOF_VPORT_PARAMETERS);
  view.setUint32(OFFSET.switchId, NDIS_DEFAULT_SWITCH_ID, true);
  view.setUint32(OFFSET.vportId, NDIS_DEFAULT_VPORT_ID, true);
  writeCountedString(bytes, OFFSET.vportName, name);
  view.setUint16(OFFSET.attachedFunctionId, attachedFunctionId, true);
  view.setUint32(OFFSET.numQueuePairs, 1, true);
  const { NdisNicSwitchVPortStateActivated } = NDIS_NIC_SWITCH_VPORT_STATE;
  view.setUint32(OFFSET.vportState, NdisNicSwitchVPortStateActivated, true);
  return bytes;
}

/** What is in the structure; undefined when the buffer holds none. */
export function parseVPortParameters(bytes: Uint8Array): VPortParameters | undefined {
  if (!hasObjectHeader(bytes, NDIS_SIZEOF_VPORT_PARAMETERS)) return undefined;
  const view = viewOf(bytes);
  return {
    flags: view.getUint32(OFFSET.flags, true),
    switchId: view.getUint32(OFFSET.switchId, true),
    vportId: view.getUint32(OFFSET.vportId, true),
    name: readCountedString(bytes, OFFSET.vportName),
    attachedFunctionId: view.getUint16(OFFSET.attachedFunctionId, true),
    numQueuePairs: view.getUint32(OFFSET.numQueuePairs, true),
    interruptModeration: view.getUint32(OFFSET.interruptModeration, true),
    vportState: view.getUint32(OFFSET.vportState, true),
  };
}

/** NDIS's choice, written into the request's own structure. */
export function setVPortId(bytes: Uint8Array, vportId: number): void {
  viewOf(bytes).setUint32(OFFSET.vportId, vportId, true);
}
