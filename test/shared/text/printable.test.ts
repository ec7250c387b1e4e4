import { describe, expect, test } from 'vitest';
import { columnsOf, cut, printable, printableAscii } from '#shared/text/printable.ts';

describe('printable', () => {
  test.each([
    ['an escape sequence', '\x1b[31m', '?[31m'],
    ['a control sequence of one character', '\x9b31m', '?31m'],
    ['line ends', 'a\r\nb\u2028c\u2029d', 'a??b?c?d'],
    ['a change of direction', 'a\u202eb\u2066c', 'a?b?c'],
    ['characters without width', 'a\u200bb\ufeffc', 'a?b?c'],
    ['half of a surrogate pair', 'a\ud800b', 'a?b'],
  ])('replaces %s', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('keeps letters of any script, which an ASCII terminal cannot show', () => {
    expect(printable('Zürich 東京')).toBe('Zürich 東京');
    expect(printableAscii('Zürich 東京')).toBe('Z?rich ??');
  });
});

describe('columnsOf', () => {
  test('counts two for what may be wide', () => {
    expect(columnsOf('READ_BLOCK')).toBe(10);
    expect(columnsOf('Zürich → Ω')).toBe(10);
    expect(columnsOf('東京')).toBe(4);
    expect(columnsOf('😀')).toBe(2);
  });
});

describe('cut', () => {
  test('leaves alone what fits', () => {
    expect(cut('READ_BLOCK', 10, '…')).toBe('READ_BLOCK');
  });

  test('ends with the ellipsis where the text is too long', () => {
    expect(cut('READ_BLOCK', 9, '…')).toBe('READ_BLO…');
    expect(cut('READ_BLOCK', 9, '...')).toBe('READ_B...');
  });

  test('cuts neither a wide character in half nor after a space', () => {
    expect(cut('東京東京', 6, '…')).toBe('東京…');
    expect(cut('one two', 5, '…')).toBe('one…');
  });
});
