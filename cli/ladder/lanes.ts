import { ACTORS, type Actor, type Hop } from '#shared/trace/hop.ts';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import type { Glyphs } from './glyphs.ts';
import { packetEnd } from './packet-end.ts';

/** What stands above each lane. */
export const LANE_HEADS: Readonly<Record<Actor, string>> = {
  'vf-miniport': 'VF',
  'guest-ndis': 'NDIS',
  vpci: 'VPCI',
  'virtualization-stack': 'STACK',
  'host-ndis': 'NDIS',
  'pf-miniport': 'PF',
};

/** The actors of the guest OS and those of the management OS; between them lies the boundary. */
const FIRST_OF_HOST = ACTORS.indexOf('virtualization-stack');
export const GUEST_ACTORS: readonly Actor[] = ACTORS.slice(0, FIRST_OF_HOST);
export const HOST_ACTORS: readonly Actor[] = ACTORS.slice(FIRST_OF_HOST);

/** Columns from one lane to the next, and from the last lane of a partition to the boundary. */
const PITCH = 5;
const TO_BOUNDARY = 4;

/** The column of the partition boundary within a row. */
export const BOUNDARY = (GUEST_ACTORS.length - 1) * PITCH + TO_BOUNDARY;

/** The columns that a row of lanes takes: the head of the last lane reaches one beyond its line. */
export const LANES_WIDTH = columnOf('pf-miniport') + 2;

/** A row of lanes, in three pieces so that the middle one can have a colour of its own. */
export interface LaneRow {
  readonly before: string;
  readonly arrow: string;
  readonly after: string;
}

/** The lanes without anything between them. */
export function emptyRow(glyphs: Glyphs): string {
  const cells: string[] = new Array(LANES_WIDTH).fill(' ');
  for (const actor of ACTORS) cells[columnOf(actor)] = glyphs.lane;
  cells[BOUNDARY] = glyphs.boundary;
  return cells.join('');
}

/** The names of the lanes, each centred on its lane. */
export function headRow(glyphs: Glyphs): string {
  let row = '';
  for (const actor of ACTORS) {
    const head = LANE_HEADS[actor];
    if (actor === HOST_ACTORS[0]) row = row.padEnd(BOUNDARY) + glyphs.boundary;
    row = row.padEnd(columnOf(actor) - Math.floor((head.length - 1) / 2)) + head;
  }
  return row;
}

/** The lanes with the arrow of a hop. A packet's goes to the boundary, or comes from it. */
export function hopRow(hop: HopName, failed: boolean, glyphs: Glyphs): LaneRow {
  const row = emptyRow(glyphs);
  const { from, to } = spanOf(hop);
  if (from === to) {
    const mark = row[from] === glyphs.boundary ? glyphs.cut : glyphs.within;
    return { before: row.slice(0, from), arrow: mark, after: row.slice(from + 1) };
  }
  const start = Math.min(from, to) + 1;
  const end = Math.max(from, to);
  const arrow = arrowOf(hop, end - start, to > from, failed, glyphs);
  return { before: row.slice(0, start), arrow, after: row.slice(end) };
}

/**
 * The columns between which a hop is drawn. What crosses the boundary without being a packet is
 * the end of the channel, which happens on the boundary itself.
 */
function spanOf(name: HopName): { from: number; to: number } {
  const hop: Hop = HOPS[name];
  const from = columnOf(hop.from);
  const to = columnOf(hop.to);
  if (GUEST_ACTORS.includes(hop.from) === GUEST_ACTORS.includes(hop.to)) return { from, to };
  const end = packetEnd(name)?.end;
  return { from: end === 'sent' ? from : BOUNDARY, to: end === 'received' ? to : BOUNDARY };
}

function arrowOf(
  name: HopName,
  length: number,
  toRight: boolean,
  failed: boolean,
  glyphs: Glyphs,
): string {
  const shaft = glyphs.shafts[HOPS[name].phase].repeat(length - 1);
  if (toRight) return (failed ? glyphs.failed + shaft.slice(1) : shaft) + glyphs.toRight;
  return glyphs.toLeft + (failed ? shaft.slice(1) + glyphs.failed : shaft);
}

function columnOf(actor: Actor): number {
  const lane = ACTORS.indexOf(actor);
  const beyond = lane < FIRST_OF_HOST ? 0 : 2 * TO_BOUNDARY - PITCH;
  return lane * PITCH + beyond;
}
