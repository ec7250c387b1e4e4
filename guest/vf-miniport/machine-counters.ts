import { readFile } from 'node:fs/promises';
import type { InterfaceCounters } from '#shared/reference-nic/interface-statistics.ts';

/** The counters of the machine's network interfaces; undefined where the machine shows none. */
export type ReadCounters = () => Promise<InterfaceCounters | undefined>;

/** Where Linux shows the counters of its network interfaces. */
const PROC_NET_DEV = '/proc/net/dev';

const LOOPBACK = 'lo';

/** The columns of an interface: eight of what it received, eight of what it transmitted. */
const COLUMN = {
  rxBytes: 0,
  rxPackets: 1,
  rxErrors: 2,
  rxDrops: 3,
  txBytes: 8,
  txPackets: 9,
  txErrors: 10,
  txDrops: 11,
} as const;

const COLUMNS = 16;

/**
 * What the machine's network interfaces have moved since it started: all of them together except
 * the loopback, or that one where there is no other.
 *
 * @returns undefined on a machine that has no such file
 */
export async function readMachineCounters(
  file = PROC_NET_DEV,
): Promise<InterfaceCounters | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const interfaces = text.split('\n').flatMap(interfaceOf);
  const others = interfaces.filter(({ name }) => name !== LOOPBACK);
  const counted = others.length > 0 ? others : interfaces;
  return counted.length === 0 ? undefined : sumOf(counted);
}

interface NetworkInterface {
  readonly name: string;
  readonly columns: readonly bigint[];
}

/** The interface that a line shows; the two lines of headings show none. */
function interfaceOf(line: string): readonly NetworkInterface[] {
  const colon = line.lastIndexOf(':');
  const columns = line
    .slice(colon + 1)
    .trim()
    .split(/\s+/);
  if (colon < 0 || columns.length < COLUMNS) return [];
  if (!columns.every((column) => /^\d+$/.test(column))) return [];
  return [{ name: line.slice(0, colon).trim(), columns: columns.map(BigInt) }];
}

function sumOf(interfaces: readonly NetworkInterface[]): InterfaceCounters {
  const sum = (column: number): bigint =>
    interfaces.reduce(
      (total, { columns }) => BigInt.asUintN(64, total + (columns[column] ?? 0n)),
      0n,
    );
  return {
    rxBytes: sum(COLUMN.rxBytes),
    rxPackets: sum(COLUMN.rxPackets),
    rxErrors: sum(COLUMN.rxErrors),
    rxDrops: sum(COLUMN.rxDrops),
    txBytes: sum(COLUMN.txBytes),
    txPackets: sum(COLUMN.txPackets),
    txErrors: sum(COLUMN.txErrors),
    txDrops: sum(COLUMN.txDrops),
  };
}
