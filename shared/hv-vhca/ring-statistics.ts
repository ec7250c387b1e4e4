/** The bytes of one ring's counters. */
export const RING_STATISTICS_SIZE = 32;

/** The version of the layout below, as the control block names it. */
export const STATS_VERSION = 1;

/**
 * The most rings that this pair talks of. The control block could name 65535, whose report of 2 MiB
 * the PF would have to hold for each VF; documents are silent on a limit, and 256 is the choice.
 */
export const MAX_RINGS = 256;

/** What one ring has moved; unsigned 64-bit counters that only rise. */
export interface RingStatistics {
  readonly rxPackets: bigint;
  readonly rxBytes: bigint;
  readonly txPackets: bigint;
  readonly txBytes: bigint;
}

/**
 * The payload of the statistics agent: 32 bytes for each ring, the rings in their order.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 8 | rx_packets |
 * | 8 | 8 | rx_bytes |
 * | 16 | 8 | tx_packets |
 * | 24 | 8 | tx_bytes |
 */
export function encodeRingStatistics(rings: readonly RingStatistics[]): Uint8Array {
  const bytes = new Uint8Array(rings.length * RING_STATISTICS_SIZE);
  const view = new DataView(bytes.buffer);
  rings.forEach((ring, index) => {
    const start = index * RING_STATISTICS_SIZE;
    view.setBigUint64(start, ring.rxPackets, true);
    view.setBigUint64(start + 8, ring.rxBytes, true);
    view.setBigUint64(start + 16, ring.txPackets, true);
    view.setBigUint64(start + 24, ring.txBytes, true);
  });
  return bytes;
}

/** The rings that a payload holds; what is left of fewer than 32 bytes is none. */
export function decodeRingStatistics(payload: Uint8Array): RingStatistics[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const length = Math.floor(payload.byteLength / RING_STATISTICS_SIZE);
  return Array.from({ length }, (_, index) => {
    const start = index * RING_STATISTICS_SIZE;
    return {
      rxPackets: view.getBigUint64(start, true),
      rxBytes: view.getBigUint64(start + 8, true),
      txPackets: view.getBigUint64(start + 16, true),
      txBytes: view.getBigUint64(start + 24, true),
    };
  });
}
