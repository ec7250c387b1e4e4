import type { RingStatistics } from '#shared/hv-vhca/ring-statistics.ts';
import type { InterfaceCounters } from '#shared/reference-nic/interface-statistics.ts';

/**
 * The counters split over so many rings, as evenly as they go; together the rings have moved exactly
 * what the interfaces have. While the counters rise, that of no ring falls.
 */
export function splitOverRings(counters: InterfaceCounters, rings: number): RingStatistics[] {
  return Array.from({ length: rings }, (_, ring) => ({
    rxPackets: shareOf(counters.rxPackets, ring, rings),
    rxBytes: shareOf(counters.rxBytes, ring, rings),
    txPackets: shareOf(counters.txPackets, ring, rings),
    txBytes: shareOf(counters.txBytes, ring, rings),
  }));
}

/** Every ring has the same share; what is left over is one more for each of the first rings. */
function shareOf(total: bigint, ring: number, rings: number): bigint {
  const among = BigInt(rings);
  return total / among + (BigInt(ring) < total % among ? 1n : 0n);
}
