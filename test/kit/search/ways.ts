import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { milliseconds } from '../duration.ts';
import {
  corrupt,
  cut,
  delay,
  drop,
  duplicate,
  type Fault,
  failAllocation,
  kill,
  overrideStatus,
  pad,
  reorder,
  replyWith,
  throwInPlugIn,
  truncate,
  truncateFrame,
} from '../faults/fault.ts';
import { IRP_HOPS, OID_HOPS, verbProblem } from '../faults/verbs.ts';
import type { When } from '../faults/when.ts';

/** One way of breaking a cut point, with a name for a table. */
export interface Way {
  readonly name: string;
  readonly fault: Fault;
}

const IN_THE_MODEL: readonly Way[] = [
  { name: 'late', fault: delay('5ms') },
  // Longer than the time-out of an OID request, shorter than that of a handshake.
  { name: 'very late', fault: delay('20s') },
  { name: 'cut', fault: cut() },
  { name: 'guest dies', fault: kill('guest') },
  { name: 'host dies', fault: kill('host') },
  { name: 'no memory', fault: failAllocation() },
];

const BEYOND_THE_MODEL: readonly Way[] = [
  { name: 'drop', fault: drop() },
  { name: 'twice', fault: duplicate() },
  { name: 'reorder', fault: reorder() },
  { name: 'short', fault: truncate(1) },
  { name: 'long', fault: pad(200) },
  { name: 'corrupt', fault: corrupt() },
  { name: 'half a frame', fault: truncateFrame(20) },
  { name: 'throw', fault: throwInPlugIn() },
];

/** A refusal with a status of the family that the hop's requests have. */
function refusals(hop: HopName): readonly Way[] {
  if (OID_HOPS.includes(hop)) {
    const status = NDIS_STATUS.NDIS_STATUS_RESOURCES;
    return [{ name: 'refused', fault: replyWith({ status }) }];
  }
  if (IRP_HOPS.includes(hop) || hop === 'guestPacketSent') {
    const status = NTSTATUS.STATUS_INSUFFICIENT_RESOURCES;
    return [{ name: 'refused', fault: replyWith({ status }) }];
  }
  if (hop === 'hostCompletionSent') {
    return [{ name: 'failed', fault: overrideStatus(NTSTATUS.STATUS_UNSUCCESSFUL) }];
  }
  return [];
}

/** Which events are to be broken. */
type Place = Pick<When, 'name'> & { readonly hop: HopName };

/**
 * Every way of breaking events; those that a correct peer never does only when they are asked for.
 * A notification is never dropped: nobody asks for it again, so that I3 blames that on nobody's driver.
 */
export function waysToBreak({ hop, name }: Place, beyondTheModel: boolean): readonly Way[] {
  const isNotification = hop === 'hostPacketSent' && name === 'INVALIDATE_BLOCK';
  // The VPCI driver fails this one only when the device goes away, and then the VF ends as well.
  const isRefused = beyondTheModel || name !== 'IOCTL_VPCI_INVALIDATE_BLOCK';
  return [
    ...IN_THE_MODEL,
    ...(isRefused ? refusals(hop) : []),
    ...(beyondTheModel ? BEYOND_THE_MODEL : []),
  ]
    .filter(({ fault }) => verbProblem(fault.verb, hop) === undefined)
    .filter(({ fault }) => !isNotification || fault.verb !== 'drop');
}

/** A delay of this length lets a time-out expire, and what it guarded be refused. */
const LONG_MS = 1000;

/** Whether a run may stop short of its end because of a fault: its peer is gone, refuses, or is late. */
export function mayEndEarly(fault: Fault): boolean {
  if (fault.verb === 'delay') return milliseconds(fault.by) >= LONG_MS;
  return fault.verb !== 'hold' && fault.verb !== 'stopReading';
}
