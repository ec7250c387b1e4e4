import type { HopName } from '#shared/trace/hops.ts';

/** One end of a packet's way from one partition to the other. */
export interface PacketEnd {
  /** What the hops of both ends have in common: `guestPacket`, `hostCompletion`. */
  readonly packet: string;
  readonly end: 'sent' | 'received';
}

/** The end that a hop is; undefined for a hop that is not of a packet. The hops' names tell. */
export function packetEnd(hop: HopName): PacketEnd | undefined {
  if (hop.endsWith('Sent')) return { packet: hop.slice(0, -'Sent'.length), end: 'sent' };
  if (hop.endsWith('Received'))
    return { packet: hop.slice(0, -'Received'.length), end: 'received' };
  return undefined;
}
