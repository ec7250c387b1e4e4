import type { VfAnswer, VfDetailAnswer, VfListAnswer, VfReport } from '#host/control/api.ts';
import { cut } from '#shared/text/printable.ts';
import { blocksOfMask, shortMask } from '#shared/vpci/config-block.ts';
import { pciFunctionFields } from './pci-function-text.ts';
import { renderFields, renderTable } from './table.ts';
import { formatBytes, formatCountOf } from './units.ts';
import { statisticsFields } from './vf-statistics.ts';

type Field = readonly [name: string, value: string];

const PF_COLUMN = { head: 'PF' } as const;

const COLUMNS = [
  { head: 'VF', align: 'right' },
  { head: 'DEVICE' },
  { head: 'STATE' },
  { head: 'GEN', align: 'right' },
  { head: 'PENDING MASK' },
  { head: 'OUTSTANDING', align: 'right' },
] as const;

/** Guests and PFs may have long names; `vf show` has all of them. */
const DEVICE_WIDTH = 22;
/** Beside a column for the PF, both together are as wide. */
const PF_WIDTH = 8;
const DEVICE_WIDTH_BESIDE_PF = 12;

/** What `vf list` prints: a VFId says little without its PF where there are several. */
export function vfListText({ numPfs, numVfs, vfs }: VfListAnswer): string {
  const summary = `${vfs.length} of ${formatCountOf(numVfs, 'VF')} allocated\n`;
  if (vfs.length === 0) return summary;
  if (numPfs === 1) {
    const rows = vfs.map((vf) => rowOf(vf, DEVICE_WIDTH));
    return `${renderTable(COLUMNS, rows)}\n${summary}`;
  }
  const rows = vfs.map((vf) => [cut(vf.pf, PF_WIDTH, '…'), ...rowOf(vf, DEVICE_WIDTH_BESIDE_PF)]);
  return `${renderTable([PF_COLUMN, ...COLUMNS], rows)}\n${summary}`;
}

function rowOf(vf: VfAnswer, deviceWidth: number): string[] {
  return [
    String(vf.vfId),
    cut(vf.device, deviceWidth, '…'),
    vf.state,
    String(vf.generation),
    maskText(vf.pendingMask, shortMask(vf.pendingMask)),
    String(vf.outstanding),
  ];
}

/** What `vf show` prints. */
export function vfDetailText(vf: VfDetailAnswer): string {
  return renderFields([
    ['PF', vf.pf],
    ['VFId', String(vf.vfId)],
    ['VPortId', vf.vportId === null ? 'none' : String(vf.vportId)],
    ['device', vf.device],
    ['state', vf.state],
    ['device power state', vf.devicePowerState],
    ['generation', String(vf.generation)],
    ['allocated', vf.allocatedAt],
    ['VPCI protocol version', vf.protocolVersion ?? 'not agreed on yet'],
    ['pending mask', pendingText(vf.pendingMask)],
    ['outstanding', formatCountOf(vf.outstanding, 'request')],
    [
      'received',
      `${formatBytes(vf.bytesReceived)} in ${formatCountOf(vf.framesReceived, 'frame')}`,
    ],
    ['sent', `${formatBytes(vf.bytesSent)} in ${formatCountOf(vf.framesSent, 'frame')}`],
    ...pciFunctionFields(vf.pciFunction),
    ...(vf.report === null ? [] : reportFields(vf.report)),
  ]);
}

function pendingText(mask: string): string {
  const blocks = blocksOfMask(BigInt(mask)).join(', ');
  return maskText(mask, `${shortMask(mask)}: blocks ${blocks}`);
}

function maskText(mask: string, otherwise: string): string {
  return BigInt(mask) === 0n ? 'none' : otherwise;
}

function reportFields({ blocks, details }: VfReport): Field[] {
  const known = blocks.map(
    ({ blockId, name }, index): Field => [index === 0 ? 'blocks' : '', `${blockId} ${name}`],
  );
  const { statistics, ...others } = details;
  const last = statisticsFields(statistics);
  const rest = Object.entries(last === undefined ? details : others);
  return [...known, ...rest.flatMap(([name, value]) => detailFields(name, value)), ...(last ?? [])];
}

/** How deep the names of details go; what is deeper is printed as JSON. */
const MAX_DEPTH = 3;

/** What a PF miniport knows of a VF is its author's own: named by its path, as it comes. */
function detailFields(name: string, value: unknown, depth = 1): Field[] {
  if (Array.isArray(value)) return [[name, value.map(detailText).join(', ') || 'none']];
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) {
    return [[name, detailText(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    detailFields(`${name}.${key}`, inner, depth + 1),
  );
}

function detailText(value: unknown): string {
  if (value === null) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
