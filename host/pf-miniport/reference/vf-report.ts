import { REFERENCE_NIC_BLOCK_NAMES } from '#shared/reference-nic/block.ts';
import type { PfVfReport } from '../../ndis/pf-miniport.ts';
import type { StatisticsReceived, VirtualFunction } from './virtual-function.ts';

/** What an operator is shown of a VF, as JSON: 64-bit numbers are text. */
export function reportOf(vf: VirtualFunction): PfVfReport {
  const { attributes, receiveFilter, multicastAddresses } = vf.settings;
  return {
    blocks: REFERENCE_NIC_BLOCK_NAMES,
    details: {
      attributes: { ...attributes, linkSpeed: attributes.linkSpeed.toString() },
      receiveFilter,
      multicastAddresses,
      versions: vf.versions,
      requested: {
        ...(vf.requestedMacAddress === undefined ? {} : { macAddress: vf.requestedMacAddress }),
        ...(vf.requestedMtu === undefined ? {} : { mtu: vf.requestedMtu }),
      },
      mailbox: vf.verdict,
      statistics: vf.lastReport === undefined ? null : statisticsReport(vf.lastReport),
    },
  };
}

function statisticsReport({ at, statistics }: StatisticsReceived): Record<string, unknown> {
  const { counters, ...rest } = statistics;
  const texts = Object.entries(counters).map(([name, value]) => [name, String(value)] as const);
  return { receivedAt: new Date(at).toISOString(), ...rest, counters: Object.fromEntries(texts) };
}
