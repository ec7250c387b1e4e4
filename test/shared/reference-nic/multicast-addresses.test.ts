import { describe, expect, test } from 'vitest';
import {
  decodeMulticastAddresses,
  encodeMulticastAddresses,
  MAX_MULTICAST_ADDRESSES,
} from '#shared/reference-nic/multicast-addresses.ts';
import { block, malformed, patched } from './bytes.ts';

const BYTES = block(`
  01 00 00 00  01 00 00 00  02 00 00 00  03 00 00 00
  02 00 00 00  01 00 5e 00 00 fb  33 33 00 00 00 01
`);

const ADDRESSES = ['01:00:5e:00:00:fb', '33:33:00:00:00:01'];

describe('block 2, multicast addresses', () => {
  test.each([
    ...malformed(BYTES),
    ['19 addresses', patched(BYTES, 16, '13 00')],
    ['a number of addresses beyond the block', patched(BYTES, 16, 'ff ff')],
    ['an address without the group bit', patched(BYTES, 26, '32')],
  ])('%s: no such block', (_, bytes) => {
    expect(decodeMulticastAddresses(bytes)).toBeUndefined();
  });

  test('every field is at its offset', () => {
    expect(encodeMulticastAddresses(ADDRESSES, [1, 2, 3])).toEqual(BYTES);
    expect(decodeMulticastAddresses(BYTES)).toEqual(ADDRESSES);
  });

  test('what is beyond the number of addresses is ignored', () => {
    expect(decodeMulticastAddresses(patched(BYTES, 32, '02'.repeat(96)))).toEqual(ADDRESSES);
  });

  test('18 addresses fill the block to its last byte', () => {
    const full = Array.from({ length: MAX_MULTICAST_ADDRESSES }, () => '01:00:5e:00:00:fb');
    const bytes = encodeMulticastAddresses(full, [1, 1, 1]);
    expect([...bytes.slice(122)]).toEqual([0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb]);
    expect(decodeMulticastAddresses(bytes)).toEqual(full);
  });
});
