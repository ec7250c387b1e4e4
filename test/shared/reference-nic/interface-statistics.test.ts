import { describe, expect, test } from 'vitest';
import {
  decodeInterfaceStatistics,
  encodeInterfaceStatistics,
} from '#shared/reference-nic/interface-statistics.ts';
import { block, malformed, patched } from './bytes.ts';

const BYTES = block(`
  01 00 01 00  04 03 02 01  10 27 00 00  00 00 00 00
  11 00 00 00 00 00 00 00  12 00 00 00 00 00 00 00
  13 00 00 00 00 00 00 00  14 00 00 00 00 00 00 00
  ff ff ff ff ff ff ff ff  22 00 00 00 00 00 00 00
  23 00 00 00 00 00 00 00  24 00 00 00 00 00 00 00
`);

const STATISTICS = {
  sequence: 0x01020304,
  source: 'channel',
  interval: 10_000,
  counters: {
    rxBytes: 0x11n,
    rxPackets: 0x12n,
    rxErrors: 0x13n,
    rxDrops: 0x14n,
    txBytes: 0xffff_ffff_ffff_ffffn,
    txPackets: 0x22n,
    txErrors: 0x23n,
    txDrops: 0x24n,
  },
} as const;

describe('block 17, interface statistics', () => {
  test.each([...malformed(BYTES), ['source 2', patched(BYTES, 2, '02 00')] as const])(
    '%s: no report',
    (_, bytes) => {
      expect(decodeInterfaceStatistics(bytes)).toBeUndefined();
    },
  );

  test('every field is at its offset, and a counter keeps its 64 bits', () => {
    expect(encodeInterfaceStatistics(STATISTICS)).toEqual(BYTES);
    expect(decodeInterfaceStatistics(BYTES)).toEqual(STATISTICS);
  });

  test('source 0 is the machine', () => {
    const bytes = patched(BYTES, 2, '00 00');
    expect(encodeInterfaceStatistics({ ...STATISTICS, source: 'machine' })).toEqual(bytes);
    expect(decodeInterfaceStatistics(bytes)).toMatchObject({ source: 'machine' });
  });

  test('reserved bytes are ignored', () => {
    const bytes = patched(patched(BYTES, 12, 'ff ff ff ff'), 80, 'ff'.repeat(48));
    expect(decodeInterfaceStatistics(bytes)).toEqual(STATISTICS);
  });
});
