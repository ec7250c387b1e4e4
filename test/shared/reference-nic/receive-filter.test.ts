import { describe, expect, test } from 'vitest';
import {
  decodeReceiveFilter,
  encodeReceiveFilter,
  MAX_FILTER_VLANS,
} from '#shared/reference-nic/receive-filter.ts';
import { block, malformed, patched } from './bytes.ts';

const BYTES = block(`
  01 00 00 00  01 00 00 00  02 00 00 00  03 00 00 00
  2b 00 00 00  02 00 00 00  64 00 fe 0f
`);

const FILTER = { packetTypes: 0x2b, vlanIds: [100, 4094] };

describe('block 1, receive filter', () => {
  test.each([
    ...malformed(BYTES),
    ['33 VLAN ids', patched(BYTES, 20, '21 00')],
    ['a number of VLAN ids beyond the block', patched(BYTES, 20, 'ff ff')],
    ['VLAN 0', patched(BYTES, 24, '00 00')],
    ['VLAN 4095', patched(BYTES, 26, 'ff 0f')],
    ['NDIS_PACKET_TYPE_SOURCE_ROUTING', patched(BYTES, 16, '10')],
    ['a flag in the highest bit', patched(BYTES, 19, '80')],
  ])('%s: no such block', (_, bytes) => {
    expect(decodeReceiveFilter(bytes)).toBeUndefined();
  });

  test('every field is at its offset', () => {
    expect(encodeReceiveFilter(FILTER, [1, 2, 3])).toEqual(BYTES);
    expect(decodeReceiveFilter(BYTES)).toEqual(FILTER);
  });

  test('VLAN ids beyond the number, and reserved bytes, are ignored', () => {
    const bytes = patched(patched(BYTES, 22, 'ff ff'), 28, 'ff'.repeat(100));
    expect(decodeReceiveFilter(bytes)).toEqual(FILTER);
  });

  test('there is room for 32 VLAN ids, up to offset 88', () => {
    const full = {
      packetTypes: 0,
      vlanIds: Array.from({ length: MAX_FILTER_VLANS }, (_, id) => id + 1),
    };
    const bytes = encodeReceiveFilter(full, [1, 1, 1]);
    expect([...bytes.slice(84, 90)]).toEqual([31, 0, 32, 0, 0, 0]);
    expect(decodeReceiveFilter(bytes)).toEqual(full);
  });
});
