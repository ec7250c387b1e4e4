import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import type { RingStatistics } from '#shared/hv-vhca/ring-statistics.ts';
import { statsCommandName } from '#shared/hv-vhca/stats-command.ts';
import type { PfVfReport } from '../../ndis/pf-miniport.ts';
import type { StatisticsReceived, VirtualFunction } from './virtual-function.ts';

const BLOCKS: PfVfReport['blocks'] = [
  { blockId: HV_VHCA_AGENT.control, name: 'control' },
  { blockId: HV_VHCA_AGENT.stats, name: 'statistics' },
];

/** What an operator is shown of a VF, as JSON: 64-bit numbers are text. */
export function reportOf({ written, issued, lastReport }: VirtualFunction): PfVfReport {
  return {
    blocks: BLOCKS,
    details: {
      control: written,
      statsCommand:
        issued === undefined
          ? null
          : { command: statsCommandName(issued.command), acknowledgement: issued.acknowledgement },
      statistics: lastReport === undefined ? null : statisticsReport(lastReport),
    },
  };
}

/** The counters of all rings together, as text. */
export function totalsOf(rings: readonly RingStatistics[]): Record<keyof RingStatistics, string> {
  const total = (counter: keyof RingStatistics): string =>
    BigInt.asUintN(
      64,
      rings.reduce((sum, ring) => sum + ring[counter], 0n),
    ).toString();
  return {
    rxPackets: total('rxPackets'),
    rxBytes: total('rxBytes'),
    txPackets: total('txPackets'),
    txBytes: total('txBytes'),
  };
}

function statisticsReport({ at, sequence, rings }: StatisticsReceived): Record<string, unknown> {
  return {
    receivedAt: new Date(at).toISOString(),
    sequence,
    totals: totalsOf(rings),
    rings: rings.map((ring) => totalsOf([ring])),
  };
}
