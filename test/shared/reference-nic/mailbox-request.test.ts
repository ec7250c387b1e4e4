import { describe, expect, test } from 'vitest';
import {
  decodeMailboxRequest,
  encodeMailboxRequest,
} from '#shared/reference-nic/mailbox-request.ts';
import { block, malformed, patched } from './bytes.ts';

const SET_MAC = block('01 00  34 12  01 00  00 00  02 15 5d aa bb cc  00 00', 16);
const SET_MTU = block('01 00  ff ff  02 00  00 00  28 23 00 00  00 00 00 00', 16);

describe('block 16, a request to the mailbox', () => {
  test.each([
    ...malformed(SET_MAC),
    ['kind 0', patched(SET_MAC, 4, '00 00')],
    ['kind 3', patched(SET_MAC, 4, '03 00')],
    ['a whole block', block('01 00 34 12 01 00 00 00 02 15 5d aa bb cc')],
  ])('%s: no request', (_, bytes) => {
    expect(decodeMailboxRequest(bytes)).toBeUndefined();
  });

  test('a MAC address is at offset 8', () => {
    const request = {
      kind: 'setMacAddress',
      sequence: 0x1234,
      macAddress: '02:15:5d:aa:bb:cc',
    } as const;
    expect(encodeMailboxRequest(request)).toEqual(SET_MAC);
    expect(decodeMailboxRequest(SET_MAC)).toEqual(request);
  });

  test('an MTU is at offset 8', () => {
    const request = { kind: 'setMtu', sequence: 0xffff, mtu: 9000 } as const;
    expect(encodeMailboxRequest(request)).toEqual(SET_MTU);
    expect(decodeMailboxRequest(SET_MTU)).toEqual(request);
  });

  test('what may not be granted can still be asked', () => {
    const group = patched(SET_MAC, 8, 'ff ff ff ff ff ff');
    expect(decodeMailboxRequest(group)).toMatchObject({ macAddress: 'ff:ff:ff:ff:ff:ff' });
    const huge = patched(SET_MTU, 8, 'ff ff ff ff');
    expect(decodeMailboxRequest(huge)).toMatchObject({ mtu: 0xffff_ffff });
  });

  test('reserved bytes are ignored', () => {
    const bytes = patched(patched(SET_MTU, 6, 'ff ff'), 12, 'ff ff ff ff');
    expect(decodeMailboxRequest(bytes)).toEqual({ kind: 'setMtu', sequence: 0xffff, mtu: 9000 });
  });
});
