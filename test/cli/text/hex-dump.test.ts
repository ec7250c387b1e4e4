import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hexDump } from '#cli/text/hex-dump.ts';

describe('hexDump', () => {
  test('of nothing is nothing', () => {
    expect(hexDump(new Uint8Array(0))).toBe('');
  });

  test('an odd byte stands alone, and the ASCII stays in its column', () => {
    expect(hexDump(Buffer.from('a\u0000~\u007f\u00e9', 'latin1'))).toBe(
      '00000000: 6100 7e7f e9                             a.~..\n',
    );
  });

  test('holds every byte, in order, sixteen to a line', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
        const lines = hexDump(bytes).split('\n').slice(0, -1);
        const hex = lines.map((line) => line.slice(10, 49).replaceAll(' ', '')).join('');
        expect(hex).toBe(Buffer.from(bytes).toString('hex'));
        expect(lines.map((line) => Number.parseInt(line, 16))).toEqual(
          lines.map((_, index) => index * 16),
        );
      }),
    );
  });
});
