import { HOPS, type HopName } from '#shared/trace/hops.ts';
import type { Verb } from './fault.ts';

const ALL_HOPS = Object.keys(HOPS) as HopName[];

/** Hops at which a packet leaves for the channel. */
export const PACKET_HOPS = ['guestPacketSent', 'hostPacketSent'] as const satisfies HopName[];
/** Hops at which a completion leaves for the channel. */
export const COMPLETION_HOPS = [
  'guestCompletionSent',
  'hostCompletionSent',
] as const satisfies HopName[];
/** Hops at which a frame, whichever, leaves for the channel. */
export const FRAME_HOPS: readonly HopName[] = [...PACKET_HOPS, ...COMPLETION_HOPS];
/** Hops at which NDIS calls a miniport with an OID request. */
export const OID_HOPS: readonly HopName[] = ['pfMiniportOidRequest', 'vfMiniportOidRequest'];
/** Hops at which NDIS calls another function of a miniport. */
export const CALL_HOPS: readonly HopName[] = [
  'pfMiniportInitializeEx',
  'pfMiniportHaltEx',
  'vfMiniportInitializeEx',
  'vfMiniportHaltEx',
];
/** Hops at which an IRP goes to the VPCI driver. */
export const IRP_HOPS: readonly HopName[] = ['ioCallDriver', 'vfIoCallDriver'];
/** Hops at which a driver asks for memory. */
export const ALLOCATION_HOPS: readonly HopName[] = [
  'vfAllocateMemory',
  'pfAllocateMemory',
  'kzalloc',
];

interface VerbFacts {
  /** What it does, in a few words. */
  readonly what: string;
  /** The hops at which it can be done. */
  readonly at: readonly HopName[];
  /**
   * Whether real systems do this to a correct driver: an ordered channel, the scheduler, an
   * operating system that dies. What is not in the model is what only a defective or hostile peer does.
   */
  readonly inTheModel: boolean;
}

const DOORS: readonly HopName[] = [...FRAME_HOPS, ...OID_HOPS, ...CALL_HOPS, ...IRP_HOPS];

/** Every verb: where it can be used. */
export const VERBS: Readonly<Record<Verb, VerbFacts>> = {
  delay: { what: 'comes later, and what is behind it too', at: DOORS, inTheModel: true },
  hold: { what: 'waits for another event', at: DOORS, inTheModel: true },
  drop: { what: 'never comes', at: [...FRAME_HOPS, ...OID_HOPS, ...IRP_HOPS], inTheModel: false },
  duplicate: { what: 'comes twice', at: [...FRAME_HOPS, ...OID_HOPS], inTheModel: false },
  reorder: { what: 'is overtaken by frames after it', at: FRAME_HOPS, inTheModel: false },
  truncate: { what: 'has its block data cut', at: FRAME_HOPS, inTheModel: false },
  truncateFrame: { what: 'is cut as text', at: FRAME_HOPS, inTheModel: false },
  pad: { what: 'has bytes added to its block data', at: FRAME_HOPS, inTheModel: false },
  corrupt: { what: 'has one bit turned', at: FRAME_HOPS, inTheModel: false },
  overrideStatus: {
    what: 'is done, and reports another status',
    at: [...COMPLETION_HOPS, ...OID_HOPS],
    inTheModel: false,
  },
  replyWith: {
    what: 'is not done, but answered',
    at: ['guestPacketSent', ...OID_HOPS, ...CALL_HOPS, ...IRP_HOPS],
    inTheModel: true,
  },
  forge: { what: 'is followed by a packet that nobody sent', at: FRAME_HOPS, inTheModel: false },
  stopReading: { what: 'the receiver takes no more frames', at: FRAME_HOPS, inTheModel: true },
  throwInPlugIn: {
    what: "the miniport's function throws",
    at: [...OID_HOPS, ...CALL_HOPS],
    inTheModel: false,
  },
  failAllocation: { what: 'there is no memory', at: ALLOCATION_HOPS, inTheModel: true },
  cut: { what: 'the channel of the VF breaks', at: ALL_HOPS, inTheModel: true },
  kill: { what: 'the guest or the host dies', at: ALL_HOPS, inTheModel: true },
};

/** Why a verb cannot be used at a hop; undefined when it can. */
export function verbProblem(verb: Verb, hop: HopName | undefined): string | undefined {
  const { at } = VERBS[verb];
  if (at.length === ALL_HOPS.length) return undefined;
  if (hop === undefined) return `${verb} needs a hop: one of ${at.join(', ')}`;
  return at.includes(hop)
    ? undefined
    : `${verb} is not possible at ${hop}, but at ${at.join(', ')}`;
}
