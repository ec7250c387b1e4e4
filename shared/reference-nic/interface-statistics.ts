import { newBlock, openBlock } from './block.ts';

/** Where the counters of a report come from. */
export const STATISTICS_SOURCE = {
  /** The network interfaces of the machine that the guest runs on. */
  machine: 0,
  /** The channel between the partitions. */
  channel: 1,
} as const;

export type StatisticsSource = keyof typeof STATISTICS_SOURCE;

/** What an interface has moved; unsigned 64-bit counters that only rise. */
export interface InterfaceCounters {
  readonly rxBytes: bigint;
  readonly rxPackets: bigint;
  readonly rxErrors: bigint;
  readonly rxDrops: bigint;
  readonly txBytes: bigint;
  readonly txPackets: bigint;
  readonly txErrors: bigint;
  readonly txDrops: bigint;
}

/** One report of a VF. */
export interface InterfaceStatistics {
  /** Counts the reports of a VF from 1; an unsigned 32-bit number. */
  readonly sequence: number;
  readonly source: StatisticsSource;
  /** Milliseconds between reports. */
  readonly interval: number;
  readonly counters: InterfaceCounters;
}

/**
 * Block 17, interface statistics, as the VF writes it and a read answers it: 128 bytes.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 2 | layout version, 1 |
 * | 2 | 2 | source: 0 the machine's interfaces, 1 the channel |
 * | 4 | 4 | sequence |
 * | 8 | 4 | interval in milliseconds |
 * | 12 | 4 | reserved: 0 when written, ignored when read |
 * | 16 | 32 | received: bytes, packets, errors, drops, 8 bytes each |
 * | 48 | 32 | transmitted: bytes, packets, errors, drops, 8 bytes each |
 * | 80 | 48 | reserved: 0 when written, ignored when read |
 */
export function encodeInterfaceStatistics(statistics: InterfaceStatistics): Uint8Array {
  const { bytes, view } = newBlock();
  view.setUint16(2, STATISTICS_SOURCE[statistics.source], true);
  view.setUint32(4, statistics.sequence, true);
  view.setUint32(8, statistics.interval, true);
  const { counters } = statistics;
  view.setBigUint64(16, counters.rxBytes, true);
  view.setBigUint64(24, counters.rxPackets, true);
  view.setBigUint64(32, counters.rxErrors, true);
  view.setBigUint64(40, counters.rxDrops, true);
  view.setBigUint64(48, counters.txBytes, true);
  view.setBigUint64(56, counters.txPackets, true);
  view.setBigUint64(64, counters.txErrors, true);
  view.setBigUint64(72, counters.txDrops, true);
  return bytes;
}

/** The report; undefined when the bytes are none. */
export function decodeInterfaceStatistics(bytes: Uint8Array): InterfaceStatistics | undefined {
  const view = openBlock(bytes);
  if (view === undefined) return undefined;
  const source = sourceOf(view.getUint16(2, true));
  if (source === undefined) return undefined;
  return {
    sequence: view.getUint32(4, true),
    source,
    interval: view.getUint32(8, true),
    counters: {
      rxBytes: view.getBigUint64(16, true),
      rxPackets: view.getBigUint64(24, true),
      rxErrors: view.getBigUint64(32, true),
      rxDrops: view.getBigUint64(40, true),
      txBytes: view.getBigUint64(48, true),
      txPackets: view.getBigUint64(56, true),
      txErrors: view.getBigUint64(64, true),
      txDrops: view.getBigUint64(72, true),
    },
  };
}

function sourceOf(value: number): StatisticsSource | undefined {
  if (value === STATISTICS_SOURCE.machine) return 'machine';
  return value === STATISTICS_SOURCE.channel ? 'channel' : undefined;
}
