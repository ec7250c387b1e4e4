import * as z from 'zod';
import { formatBytes, formatCount, formatMilliseconds } from './units.ts';

const counter = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);

/** The last report of a VF, as the reference PF shows it; 64-bit counters are text. */
const statisticsReport = z.object({
  receivedAt: z.string(),
  sequence: z.number(),
  source: z.string(),
  interval: z.number(),
  counters: z.object({
    rxBytes: counter,
    rxPackets: counter,
    rxErrors: counter,
    rxDrops: counter,
    txBytes: counter,
    txPackets: counter,
    txErrors: counter,
    txDrops: counter,
  }),
});

/** The last statistics in units for people; undefined when the value is none of them. */
export function statisticsFields(value: unknown): [name: string, value: string][] | undefined {
  if (value === null) return [['last statistics', 'none yet']];
  const parsed = statisticsReport.safeParse(value);
  if (!parsed.success) return undefined;
  const { receivedAt, sequence, source, interval, counters } = parsed.data;
  const every = formatMilliseconds(interval);
  const { rxBytes, rxPackets, rxErrors, rxDrops, txBytes, txPackets, txErrors, txDrops } = counters;
  return [
    ['last statistics', `report ${sequence} at ${receivedAt}, every ${every}, of the ${source}`],
    ['  received', totals(rxBytes, rxPackets, rxErrors, rxDrops)],
    ['  transmitted', totals(txBytes, txPackets, txErrors, txDrops)],
  ];
}

function totals(bytes: bigint, packets: bigint, errors: bigint, drops: bigint): string {
  const [packet, error, drop] = [packets, errors, drops].map(formatCount);
  return `${formatBytes(bytes)}, packets ${packet}, errors ${error}, drops ${drop}`;
}
