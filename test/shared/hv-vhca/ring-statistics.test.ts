import { describe, expect, test } from 'vitest';
import { decodeRingStatistics, encodeRingStatistics } from '#shared/hv-vhca/ring-statistics.ts';
import { block } from '#test/shared/reference-nic/bytes.ts';

const PAYLOAD = block(
  `
  08 07 06 05 04 03 02 01  02 00 00 00 00 00 00 00
  03 00 00 00 00 00 00 00  04 00 00 00 00 00 00 00
  11 00 00 00 00 00 00 00  12 00 00 00 00 00 00 00
  13 00 00 00 00 00 00 00  ff ff ff ff ff ff ff ff
`,
  64,
);

const RINGS = [
  { rxPackets: 0x0102030405060708n, rxBytes: 2n, txPackets: 3n, txBytes: 4n },
  { rxPackets: 0x11n, rxBytes: 0x12n, txPackets: 0x13n, txBytes: 0xffff_ffff_ffff_ffffn },
];

describe('the counters of rings', () => {
  test('of no ring are no bytes', () => {
    expect(encodeRingStatistics([])).toEqual(new Uint8Array(0));
    expect(decodeRingStatistics(new Uint8Array(0))).toEqual([]);
  });

  test('every counter is at its offset, and keeps its 64 bits [vhca.statistics]', () => {
    expect(encodeRingStatistics(RINGS)).toEqual(PAYLOAD);
    expect(decodeRingStatistics(PAYLOAD)).toEqual(RINGS);
  });

  test('a rest that is shorter than a ring is none', () => {
    expect(decodeRingStatistics(PAYLOAD.subarray(0, 63))).toEqual(RINGS.slice(0, 1));
  });

  test('are read where they stand in a larger buffer', () => {
    const buffer = new Uint8Array(72);
    buffer.set(PAYLOAD, 8);
    expect(decodeRingStatistics(buffer.subarray(8))).toEqual(RINGS);
  });
});
