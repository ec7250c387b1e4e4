import type { PfAnswer, PfDetailAnswer, PfListAnswer } from '#host/control/api.ts';
import { NDIS_SRIOV_CAPS } from '#shared/ndis/sriov-capabilities.ts';
import { cut } from '#shared/text/printable.ts';
import { renderFields, renderTable } from './table.ts';
import { formatCount } from './units.ts';

type Field = readonly [name: string, value: string];

const COLUMNS = [
  { head: 'PF' },
  { head: 'DRIVER' },
  { head: 'ALLOCATED VFS', align: 'right' },
  { head: 'NUMVFS', align: 'right' },
] as const;

/** Names and paths may be long; `pf show` has all of them. */
const NAME_WIDTH = 22;
const DRIVER_WIDTH = 30;

/** What `pf list` prints. */
export function pfListText({ pfs }: PfListAnswer): string {
  return renderTable(COLUMNS, pfs.map(rowOf));
}

function rowOf({ name, driver, allocatedVfs, numVfs }: PfAnswer): string[] {
  return [
    cut(name, NAME_WIDTH, '…'),
    cut(driver ?? 'unnamed', DRIVER_WIDTH, '…'),
    formatCount(allocatedVfs),
    formatCount(numVfs),
  ];
}

/** What `pf show` prints. */
export function pfDetailText(pf: PfDetailAnswer): string {
  return renderFields([
    ['PF', pf.name],
    ['driver', pf.driver ?? 'unnamed'],
    ['LUID', pf.luid ?? 'none'],
    ['hardware capabilities', capabilitiesText(pf.hardwareCapabilities)],
    ['current capabilities', capabilitiesText(pf.currentCapabilities)],
    ['NumVFs', formatCount(pf.numVfs)],
    ...pf.switches.map(
      ({ switchId, friendlyName, numVPorts, numActiveVPorts }, index): Field => [
        index === 0 ? 'NIC switches' : '',
        `${switchId} ${friendlyName}: ${numActiveVPorts} of ${numVPorts} VPorts active`,
      ],
    ),
    ['allocated VFs', pf.vfs.length === 0 ? 'none' : formatCount(pf.vfs.length)],
    ...pf.vfs.map(
      ({ vfId, nicName, macAddress }): Field => ['', `${vfId} ${nicName}, MAC ${macAddress}`],
    ),
  ]);
}

function capabilitiesText(capabilities: number | null): string {
  if (capabilities === null) return 'none';
  const names = Object.entries(NDIS_SRIOV_CAPS).filter(([, bit]) => (capabilities & bit) !== 0);
  return names.map(([name]) => name).join(' | ') || 'none';
}
