import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barsOf } from '#shared/pci/probed-bars.ts';

describe('the BARs that probed registers describe', () => {
  test.each([
    ['no register', []],
    ['registers that read 0', [0, 0, 0, 0, 0, 0]],
    ['a register of which no bit can be written', [0x4, 0, 0x1, 0x8, 0x3, 0x2]],
  ])('are none in %s', (_what, probed) => {
    expect(barsOf(probed)).toEqual([]);
  });

  test('take one register or two, in memory or in ports', () => {
    expect(barsOf([0xffff_c00c, 0xffff_ffff, 0xffff_f000, 0xffff_ffe1, 0xffff_0008, 0])).toEqual([
      { index: 0, space: 'memory', bits: 64, prefetchable: true, length: 0x4000n },
      { index: 2, space: 'memory', bits: 32, prefetchable: false, length: 0x1000n },
      { index: 3, space: 'io', bits: 32, prefetchable: false, length: 32n },
      { index: 4, space: 'memory', bits: 32, prefetchable: true, length: 0x10000n },
    ]);
  });

  test('of 64 bits may be larger than 32 bits hold', () => {
    expect(barsOf([0x4, 0xffff_fff0, 0, 0, 0, 0])).toMatchObject([{ length: 1n << 36n }]);
    expect(barsOf([0x4, 0x8000_0000, 0, 0, 0, 0])).toMatchObject([{ length: 1n << 63n }]);
  });

  test('of 64 bits in the last register has no upper half', () => {
    expect(barsOf([0, 0, 0, 0, 0, 0xffff_f004])).toMatchObject([{ index: 5, length: 0x1000n }]);
  });

  test('are a power of two each and in no register twice, whatever a PF says', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff_ffff), { maxLength: 8 }), (probed) => {
        let next = 0;
        for (const { index, bits, length } of barsOf(probed)) {
          expect(index).toBeGreaterThanOrEqual(next);
          expect(index).toBeLessThan(6);
          expect(length > 0n && (length & (length - 1n)) === 0n).toBe(true);
          next = index + bits / 32;
        }
      }),
      { seed: 1 },
    );
  });
});
