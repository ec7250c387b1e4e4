import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitOverRings } from '#guest/vf-miniport/hv-vhca/rings.ts';
import type { RingStatistics } from '#shared/hv-vhca/ring-statistics.ts';
import type { InterfaceCounters } from '#shared/reference-nic/interface-statistics.ts';

const counter = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const counters: fc.Arbitrary<InterfaceCounters> = fc.record({
  rxBytes: counter,
  rxPackets: counter,
  rxErrors: counter,
  rxDrops: counter,
  txBytes: counter,
  txPackets: counter,
  txErrors: counter,
  txDrops: counter,
});
const NAMES = ['rxPackets', 'rxBytes', 'txPackets', 'txBytes'] as const;

function sumOf(rings: readonly RingStatistics[], name: keyof RingStatistics): bigint {
  return rings.reduce((sum, ring) => sum + ring[name], 0n);
}

describe('the counters of an interface, split over rings', () => {
  test('are none of no ring', () => {
    const zero = 0n;
    const none = { rxErrors: zero, rxDrops: zero, txErrors: zero, txDrops: zero };
    const moved = { ...none, rxBytes: 1n, rxPackets: 1n, txBytes: 1n, txPackets: 1n };
    expect(splitOverRings(moved, 0)).toEqual([]);
  });

  test('leave what cannot be split to the first rings', () => {
    const other = { rxErrors: 9n, rxDrops: 9n, txErrors: 9n, txDrops: 9n };
    const moved = { ...other, rxPackets: 3n, rxBytes: 8n, txPackets: 0n, txBytes: 100n };
    expect(splitOverRings(moved, 3)).toEqual([
      { rxPackets: 1n, rxBytes: 3n, txPackets: 0n, txBytes: 34n },
      { rxPackets: 1n, rxBytes: 3n, txPackets: 0n, txBytes: 33n },
      { rxPackets: 1n, rxBytes: 2n, txPackets: 0n, txBytes: 33n },
    ]);
  });

  test('are together what they were', () => {
    fc.assert(
      fc.property(counters, fc.integer({ min: 1, max: 256 }), (moved, count) => {
        const rings = splitOverRings(moved, count);
        expect(rings).toHaveLength(count);
        for (const name of NAMES) expect(sumOf(rings, name)).toBe(moved[name]);
      }),
    );
  });

  test('fall in no ring while they rise', () => {
    const rise = fc.bigInt({ min: 0n, max: 1000n });
    fc.assert(
      fc.property(counters, rise, fc.integer({ min: 1, max: 16 }), (moved, more, count) => {
        const before = splitOverRings(moved, count);
        const after = splitOverRings({ ...moved, rxBytes: moved.rxBytes + more }, count);
        for (const [ring, { rxBytes }] of after.entries()) {
          expect(rxBytes).toBeGreaterThanOrEqual(before[ring]?.rxBytes ?? 0n);
        }
      }),
    );
  });
});
