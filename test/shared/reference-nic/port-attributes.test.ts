import { describe, expect, test } from 'vitest';
import {
  decodePortAttributes,
  encodePortAttributes,
  NDIS_MEDIA_CONNECT_STATE,
} from '#shared/reference-nic/port-attributes.ts';
import { block, malformed, patched } from './bytes.ts';

const BYTES = block(`
  01 00 00 00  01 00 00 00  02 00 00 00  03 00 00 00
  02 15 5d 00 00 07  64 00  28 23 00 00  01 00 00 00
  00 ba 1d d2 05 00 00 00
`);

const ATTRIBUTES = {
  macAddress: '02:15:5d:00:00:07',
  vlanId: 100,
  mtu: 9000,
  linkState: 'MediaConnectStateConnected',
  linkSpeed: 25_000_000_000n,
} as const;

describe('block 0, port attributes', () => {
  test.each([
    ...malformed(BYTES),
    ['link state 3', patched(BYTES, 28, '03 00 00 00')],
    ['link state 1 in the high byte', patched(BYTES, 28, '01 00 00 01')],
    ['a MAC address with the group bit', patched(BYTES, 16, '03')],
    ['a MAC address of zeros', patched(BYTES, 16, '00 00 00 00 00 00')],
    ['VLAN 4095', patched(BYTES, 22, 'ff 0f')],
    ['MTU 575', patched(BYTES, 24, '3f 02 00 00')],
    ['MTU 9217', patched(BYTES, 24, '01 24 00 00')],
  ])('%s: no such block', (_, bytes) => {
    expect(decodePortAttributes(bytes)).toBeUndefined();
  });

  test('every field is at its offset', () => {
    expect(encodePortAttributes(ATTRIBUTES, [1, 2, 3])).toEqual(BYTES);
    expect(decodePortAttributes(BYTES)).toEqual(ATTRIBUTES);
  });

  test('the limits of each field survive', () => {
    const least = patched(patched(BYTES, 22, '00 00 40 02 00 00 00 00'), 32, '00'.repeat(8));
    expect(decodePortAttributes(least)).toMatchObject({
      vlanId: 0,
      mtu: 576,
      linkState: 'MediaConnectStateUnknown',
      linkSpeed: 0n,
    });
    const most = patched(patched(BYTES, 22, 'fe 0f 00 24 00 00 02 00'), 32, 'ff'.repeat(8));
    expect(decodePortAttributes(most)).toMatchObject({
      vlanId: 4094,
      mtu: 9216,
      linkState: 'MediaConnectStateDisconnected',
      linkSpeed: 0xffff_ffff_ffff_ffffn,
    });
  });

  test('reserved bytes are ignored', () => {
    const bytes = patched(patched(BYTES, 2, 'ff ff'), 40, 'ff'.repeat(88));
    expect(decodePortAttributes(bytes)).toEqual(ATTRIBUTES);
  });

  test('link states have the numbers of NDIS_MEDIA_CONNECT_STATE', () => {
    expect(NDIS_MEDIA_CONNECT_STATE).toEqual({
      MediaConnectStateUnknown: 0,
      MediaConnectStateConnected: 1,
      MediaConnectStateDisconnected: 2,
    });
  });
});
