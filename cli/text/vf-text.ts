import type { VfAnswer, VfDetailAnswer, VfListAnswer, VfReport } from '#host/control/api.ts';
import { cut } from '#shared/text/printable.ts';
import { blocksOfMask, shortMask } from '#shared/vpci/config-block.ts';
import { renderFields, renderTable } from './table.ts';
import { formatBytes, formatCountOf } from './units.ts';
import { statisticsFields } from './vf-statistics.ts';

type Field = readonly [name: string, value: string];

const COLUMNS = [
  { head: 'VF', align: 'right' },
  { head: 'DEVICE' },
  { head: 'STATE' },
  { head: 'GEN', align: 'right' },
  { head: 'PENDING MASK' },
  { head: 'OUTSTANDING', align: 'right' },
] as const;

/** Guests may name themselves at length; `vf show` has all of it. */
const DEVICE_WIDTH = 22;

/** What `vf list` prints. */
export function vfListText({ numVfs, vfs }: VfListAnswer): string {
  const summary = `${vfs.length} of ${formatCountOf(numVfs, 'VF')} allocated\n`;
  if (vfs.length === 0) return summary;
  return `${renderTable(COLUMNS, vfs.map(rowOf))}\n${summary}`;
}

function rowOf(vf: VfAnswer): string[] {
  return [
    String(vf.vfId),
    cut(vf.device, DEVICE_WIDTH, '…'),
    vf.state,
    String(vf.generation),
    maskText(vf.pendingMask, shortMask(vf.pendingMask)),
    String(vf.outstanding),
  ];
}

/** What `vf show` prints. */
export function vfDetailText(vf: VfDetailAnswer): string {
  return renderFields([
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
