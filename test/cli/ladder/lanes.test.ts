import { describe, expect, test } from 'vitest';
import { UNICODE_GLYPHS } from '#cli/ladder/glyphs.ts';
import { BOUNDARY, emptyRow, hopRow, LANES_WIDTH } from '#cli/ladder/lanes.ts';
import { ACTORS, type Actor, type Hop } from '#shared/trace/hop.ts';
import { HOPS, type HopName } from '#shared/trace/hops.ts';

const EMPTY = emptyRow(UNICODE_GLYPHS);
const HOP_NAMES = Object.keys(HOPS) as HopName[];

/** The columns of the lanes, read off the picture. */
const COLUMNS = [...EMPTY].flatMap((cell, column) => (cell === '│' ? [column] : []));

function columnOf(actor: Actor): number {
  return COLUMNS[ACTORS.indexOf(actor)] ?? -1;
}

describe('emptyRow', () => {
  test('has a lane for each actor, and the boundary between VPCI driver and virtualization stack', () => {
    expect(COLUMNS).toHaveLength(ACTORS.length);
    expect(EMPTY.indexOf('║')).toBe(BOUNDARY);
    expect(BOUNDARY - columnOf('vpci')).toBe(columnOf('virtualization-stack') - BOUNDARY);
  });
});

describe('hopRow', () => {
  test.each(HOP_NAMES)('changes nothing but the arrow of %s', (hop) => {
    const { before, arrow, after } = hopRow(hop, false, UNICODE_GLYPHS);
    expect(before + EMPTY.slice(before.length, before.length + arrow.length) + after).toBe(EMPTY);
    expect(before.length + arrow.length + after.length).toBe(LANES_WIDTH);
  });

  test.each(HOP_NAMES)('draws %s between its actors, or on one, or at the boundary', (name) => {
    const hop: Hop = HOPS[name];
    const { before, arrow } = hopRow(name, false, UNICODE_GLYPHS);
    const places = [columnOf(hop.from), columnOf(hop.to), BOUNDARY];
    if (arrow.length === 1) {
      expect(places).toContain(before.length);
      return;
    }
    const toRight = columnOf(hop.from) < columnOf(hop.to);
    expect(places).toContain(before.length - 1);
    expect(places).toContain(before.length + arrow.length);
    expect(toRight ? arrow.at(-1) : arrow[0]).toBe(toRight ? '►' : '◄');
  });

  test('draws what asks, what answers and what tells differently', () => {
    const arrows = (['oidRequest', 'oidRequestComplete', 'invalidateSignal'] as const).map(
      (hop) => hopRow(hop, false, UNICODE_GLYPHS).arrow,
    );
    expect(arrows).toEqual(['───►', '◄╌╌╌', '◄━━━']);
  });

  test('marks a failure at the tail of its arrow, whichever way it points', () => {
    expect(hopRow('oidRequestComplete', true, UNICODE_GLYPHS).arrow).toBe('◄╌╌✗');
    expect(hopRow('vfMiniportOidRequestComplete', true, UNICODE_GLYPHS).arrow).toBe('✗╌╌►');
  });

  test('draws the two ends of a packet on their sides of the boundary', () => {
    const sent = hopRow('guestPacketSent', false, UNICODE_GLYPHS);
    const received = hopRow('guestPacketReceived', false, UNICODE_GLYPHS);
    expect(sent.after.startsWith('║')).toBe(true);
    expect(received.before.endsWith('║')).toBe(true);
  });
});
