import { describe, expect, test } from 'vitest';
import { formatBytes, formatCount, formatCountOf, formatMilliseconds } from '#cli/text/units.ts';

describe('units', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1_500_000n, '1.4 MiB'],
    [2n ** 64n - 1n, '16.0 EiB'],
  ])('%s bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test('counts have their thousands parted, and their noun in the right number', () => {
    expect(formatCount(18_446_744_073_709_551_615n)).toBe('18,446,744,073,709,551,615');
    expect([0, 1, 2].map((count) => formatCountOf(count, 'VF'))).toEqual([
      '0 VFs',
      '1 VF',
      '2 VFs',
    ]);
  });

  test('times are in the unit that is read best', () => {
    expect([250, 1_000, 1_500].map(formatMilliseconds)).toEqual(['250 ms', '1 s', '1.5 s']);
  });
});
