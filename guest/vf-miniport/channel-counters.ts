import type { InterfaceCounters } from '#shared/reference-nic/interface-statistics.ts';
import type { BusStatistics } from '../ndis/vf-miniport.ts';

/** What the channel moved, as an interface would count it: a frame is a packet, and none is lost. */
export function countersOfChannel(channel: BusStatistics): InterfaceCounters {
  return {
    rxBytes: BigInt(channel.bytesReceived),
    rxPackets: BigInt(channel.framesReceived),
    rxErrors: 0n,
    rxDrops: 0n,
    txBytes: BigInt(channel.bytesSent),
    txPackets: BigInt(channel.framesSent),
    txErrors: 0n,
    txDrops: 0n,
  };
}
