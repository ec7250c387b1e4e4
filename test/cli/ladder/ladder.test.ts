import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ladder, type LadderOptions } from '#cli/ladder/ladder.ts';
import { MergeTrace } from '#cli/ladder/merge-trace.ts';
import { OID } from '#shared/ndis/oid.ts';
import { columnsOf } from '#shared/text/printable.ts';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { MESSAGES } from '#shared/wire/registry.ts';
import { ManualClock } from './manual-clock.ts';
import { FAILED_READ, INVALIDATION, READ, type Story, WRITE } from './stories.ts';

const STORIES = {
  read: READ,
  write: WRITE,
  invalidation: INVALIDATION,
  'failed-read': FAILED_READ,
};

const PLAIN: LadderOptions = { columns: 80, colour: false };

const PACKET: TraceEvent = {
  seq: 1,
  at: 1_700_000_000_000,
  hop: 'guestPacketSent',
  name: 'READ_BLOCK',
  device: 'g1/0',
  generation: 1,
  transactionId: 7,
  blockId: 0,
  length: 128,
};

/** The picture of a story; of the host's part alone when only that is traced. */
function draw(story: Story, options: LadderOptions, hostOnly = false): string {
  const ladder = new Ladder(options);
  const lines: string[] = [];
  const onEvent = (event: TraceEvent) => lines.push(...ladder.render(event));
  const merge = new MergeTrace({ clock: new ManualClock(), onEvent });
  if (!hostOnly) merge.push('g1', story.guest);
  merge.push('host', story.host);
  merge.close();
  return `${lines.join('\n')}\n`;
}

/** The lines of an event alone, under a legend and a head that are not of interest. */
function linesOf(event: TraceEvent, options: LadderOptions = PLAIN): readonly string[] {
  const ladder = new Ladder(options);
  ladder.render(PACKET);
  return ladder.render(event);
}

/** The width of a line; what the ladder itself is drawn with is one column wide each. */
function widthOf(line: string): number {
  return columnsOf(line.replaceAll(/[─-╿►◄●✗]/gu, '-'));
}

describe('Ladder', () => {
  const pictures = Object.entries(STORIES).flatMap(([name, story]) => [
    { file: `${name}-80.txt`, story, columns: 80, hostOnly: false },
    { file: `${name}-120.txt`, story, columns: 120, hostOnly: false },
    { file: `${name}-80-host-only.txt`, story, columns: 80, hostOnly: true },
  ]);

  test.each(pictures)('draws $file', async ({ file, story, columns, hostOnly }) => {
    const picture = draw(story, { columns, colour: false }, hostOnly);
    await expect(picture).toMatchFileSnapshot(`golden/${file}`);
  });

  test('draws with ASCII alone where it is told to', async () => {
    const picture = draw(FAILED_READ, { columns: 80, colour: false, ascii: true });
    expect(picture).toMatch(/^[\n\x20-\x7e]*$/);
    await expect(picture).toMatchFileSnapshot('golden/failed-read-80-ascii.txt');
  });

  test('is the same picture with colours as without', () => {
    const coloured = draw(FAILED_READ, { columns: 80, colour: true });
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(draw(FAILED_READ, PLAIN));
  });

  test('shows a failure in red: its arrow and its status', () => {
    const failed = { ...PACKET, hop: 'hostCompletionSent', status: 0xc000000d } as const;
    const [line] = linesOf(failed, { columns: 120, colour: true });
    expect(line).toContain('\x1b[31m◄╌✗\x1b[39m');
    expect(line).toContain('\x1b[31mSTATUS_INVALID_PARAMETER\x1b[39m');
  });

  test('names the status by the family of the hop', () => {
    const status = 0xc001000c;
    const [ndis] = linesOf(
      { ...PACKET, hop: 'oidRequestComplete', status },
      { ...PLAIN, columns: 120 },
    );
    const [nt] = linesOf(
      { ...PACKET, hop: 'ioCompleteRequest', status },
      { ...PLAIN, columns: 120 },
    );
    expect(ndis).toContain(' NDIS_STATUS_REQUEST_ABORTED ');
    expect(nt).toContain(' 0xC001000C ');
  });

  test('shows a status that is neither success nor failure by severity as a failure', () => {
    const [line] = linesOf({ ...PACKET, hop: 'oidRequestComplete', status: 0x00010003 });
    expect(line).toContain('✗');
    expect(line).toContain('NDIS_STATUS_NOT_ACCEPTED');
  });

  test('keeps what a peer sent from reaching the terminal as anything but text', () => {
    const hostile = 'A\x1b]0;title\x07\r\n\u202e\u2028B\x9b2J';
    const lines = linesOf({ ...PACKET, name: hostile, device: hostile, note: hostile });
    expect(lines.join('')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(lines.join('')).toContain('A?]0;title????');
  });

  test('cuts a name that nobody documented where it would wrap', () => {
    const [line] = linesOf({ ...PACKET, name: 'X'.repeat(64) });
    expect(line).toHaveLength(80);
    expect(line).toMatch(/X…$/);
  });

  test('goes on below with a note, and cuts it after three lines', () => {
    const note = 'word '.repeat(40).trim();
    const lines = linesOf({ ...PACKET, hop: 'pfContractViolated', note });
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^ {8}│ {4}│ {4}│ {3}║ {3}│ {4}│ {4}│ {2}\(word word/);
    expect(lines[3]).toMatch(/word…$/);
  });

  test('names the VF when it is another than on the line above, whatever the width', () => {
    const ladder = new Ladder(PLAIN);
    const name = 'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK';
    const event = { ...PACKET, name, mask: '0x0000000000000021' };
    ladder.render(event);
    expect(ladder.render(event).join('')).not.toContain('g1/0');
    expect(ladder.render({ ...event, device: 'guest-2/0', vfId: 2 }).at(-1)).toMatch(
      /guest-2\/0 VF 2$/,
    );
  });

  test('names a generation only from the second on', () => {
    const [first] = linesOf({ ...PACKET, vfId: 1 });
    const [second] = linesOf({ ...PACKET, vfId: 1, generation: 2 }, { ...PLAIN, columns: 120 });
    expect(first).toMatch(/ #7 g1\/0 VF 1$/);
    expect(second).toMatch(/ #7 g1\/0 VF 1 gen 2$/);
  });

  test('breaks the ladder at a pause of a second, and tells how long it was', () => {
    const ladder = new Ladder(PLAIN);
    ladder.render(PACKET);
    expect(ladder.render({ ...PACKET, at: PACKET.at + 999.999 })).toHaveLength(1);
    const [pause, head, line] = ladder.render({ ...PACKET, at: PACKET.at + 10_999.999 });
    expect(pause?.trim()).toBe('… 10.0 s …');
    expect(head).toBe('     ms VF  NDIS VPCI ║ STACK NDIS  PF');
    expect(line).toMatch(/^ {8}│/);
  });

  test('shows no time below zero where two clocks disagree', () => {
    expect(linesOf({ ...PACKET, at: PACKET.at - 5 })[0]).toMatch(/^ {2}0\.000 │/);
  });

  test('repeats the head after the given number of events', () => {
    const ladder = new Ladder({ ...PLAIN, headEvery: 2 });
    const counts = Array.from({ length: 6 }, () => ladder.render(PACKET).length);
    expect(counts).toEqual([6, 1, 2, 1, 2, 1]);
  });

  test('marks the end of the channel on the boundary', () => {
    const event = { ...PACKET, hop: 'channelClosed', name: 'channel closed' } as const;
    expect(linesOf(event)[0]).toContain('│   ╳   │');
  });

  test('draws for another width when the terminal changes its size', () => {
    const ladder = new Ladder(PLAIN);
    const event = { ...PACKET, name: 'OID_SRIOV_READ_VF_CONFIG_BLOCK' };
    ladder.render(event);
    expect(ladder.render(event)[0]).not.toContain('#7');
    ladder.columns = 120;
    expect(ladder.render(event)[0]).toContain('block 0 128 B #7 g1/0');
  });

  test('never exceeds the width from 80 columns on, nor loses a failure', () => {
    const failed = { hop: 'ioCompleteRequest', status: 0xc000000d } as const;
    const texts = { unit: 'grapheme', maxLength: 300 } as const;
    const anyEvent = fc.record(
      {
        seq: fc.constant(1),
        at: fc.double({ min: 0, max: 1e6, noNaN: true }),
        hop: fc.constantFrom(...(Object.keys(HOPS) as HopName[])),
        name: fc.string(texts),
        device: fc.string(texts),
        vfId: fc.nat(),
        generation: fc.nat(),
        transactionId: fc.nat(),
        blockId: fc.nat(),
        length: fc.nat(),
        status: fc.nat(),
        note: fc.string(texts),
      },
      { requiredKeys: ['seq', 'at', 'hop', 'name'] },
    );
    return fc.assert(
      fc.property(
        anyEvent,
        fc.integer({ min: 80, max: 200 }),
        fc.boolean(),
        (event, columns, ascii) => {
          const ladder = new Ladder({ columns, colour: false, ascii });
          const lines = [...ladder.render(event), ...ladder.render({ ...event, ...failed })];
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
          expect(lines.join(' ')).toContain('STATUS_INVALID_PARAMETER');
        },
      ),
    );
  });

  test('shows every documented name whole from 80 columns on', () => {
    const names = [...Object.keys(OID), ...MESSAGES.map((message) => message.type)];
    for (const name of names) expect(linesOf({ ...PACKET, name })[0]).toContain(` ${name}`);
  });
});
