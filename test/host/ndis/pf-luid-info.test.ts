import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newLuid, newPfLuidInfo, parsePfLuidInfo } from '#host/ndis/pf-luid-info.ts';
import { hex } from '#test/support/hex.ts';

describe('NDIS_SRIOV_PF_LUID_INFO', () => {
  test('is 12 bytes with LowPart at 4 and HighPart at 8 [layout.pf-luid-info]', () => {
    const info = newPfLuidInfo(0x0000_0001_2345_6789n);
    expect(hex(info)).toBe('80 01 0C 00 89 67 45 23 01 00 00 00');
    expect(parsePfLuidInfo(info)).toBe(0x0000_0001_2345_6789n);
    expect(parsePfLuidInfo(info.subarray(0, 11))).toBeUndefined();
  });

  test('a LUID is never 0, and its HighPart, a LONG, never negative', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(random, random, (high, low) => {
        const draws = [high, low];
        const luid = newLuid(() => draws.shift() ?? 0);
        expect(luid > 0n && luid < 1n << 63n).toBe(true);
      }),
    );
  });
});
