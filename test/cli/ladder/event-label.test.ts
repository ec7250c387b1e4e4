import { describe, expect, test } from 'vitest';
import { layOutLabel } from '#cli/ladder/event-label.ts';
import type { EventDetail } from '#shared/trace/event-details.ts';

const DETAILS: readonly EventDetail[] = [
  { kind: 'failure', text: 'STATUS_IO_TIMEOUT' },
  { kind: 'payload', text: 'block 5' },
  { kind: 'transaction', text: '#3' },
  { kind: 'note', text: '(one two three)' },
];

function layOut(columns: number, ...essential: EventDetail['kind'][]): string[] {
  const lines = layOutLabel('READ_BLOCK', DETAILS, columns, new Set(essential), '…');
  return lines.map((line) => line.map((piece) => piece.text).join(' '));
}

describe('layOutLabel', () => {
  test('cuts a name that does not fit', () => {
    expect(layOut(6)).toEqual(['READ_…']);
  });

  test('leaves details out from the right, even one that would fit', () => {
    expect(layOut(38)).toEqual(['READ_BLOCK STATUS_IO_TIMEOUT block 5']);
    expect(layOut(35)).toEqual(['READ_BLOCK STATUS_IO_TIMEOUT']);
  });

  test('goes on below with what must not be left out', () => {
    expect(layOut(18, 'failure')).toEqual(['READ_BLOCK block 5', 'STATUS_IO_TIMEOUT']);
    expect(layOut(10, 'note')).toEqual(['READ_BLOCK', '(one two', 'three)']);
  });

  test('puts everything on one line where there is room', () => {
    expect(layOut(55, 'failure', 'note')).toEqual([
      'READ_BLOCK STATUS_IO_TIMEOUT block 5 #3 (one two three)',
    ]);
  });
});
