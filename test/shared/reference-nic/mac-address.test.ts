import { describe, expect, test } from 'vitest';
import {
  isLocallyAdministered,
  isMulticastAddress,
  isUnicastAddress,
  parseMacAddress,
} from '#shared/reference-nic/mac-address.ts';

describe('MAC addresses', () => {
  test.each([
    '',
    '02:15:5d:00:00',
    '02:15:5d:00:00:01:02',
    '02:15:5d:00:00:1',
    '02:15:5d:00:00:0g',
    '02:15-5d:00:00:01',
    '02155d000001',
    ' 02:15:5d:00:00:01',
    '02:15:5d:00:00:01\n',
  ])('%j spells none', (text) => {
    expect(parseMacAddress(text)).toBeUndefined();
  });

  test('hyphens and capitals spell the same address as colons and small letters', () => {
    expect(parseMacAddress('02-15-5D-00-0A-01')).toBe('02:15:5d:00:0a:01');
  });

  test.each([
    ['02:15:5d:00:00:01', { unicast: true, multicast: false, local: true }],
    ['00:15:5d:00:00:01', { unicast: true, multicast: false, local: false }],
    ['01:00:5e:00:00:fb', { unicast: false, multicast: true, local: false }],
    ['33:33:00:00:00:01', { unicast: false, multicast: true, local: true }],
    ['ff:ff:ff:ff:ff:ff', { unicast: false, multicast: true, local: true }],
    ['00:00:00:00:00:00', { unicast: false, multicast: false, local: false }],
  ])('the bits of the first byte say what %s is', (address, { unicast, multicast, local }) => {
    expect(isUnicastAddress(address)).toBe(unicast);
    expect(isMulticastAddress(address)).toBe(multicast);
    expect(isLocallyAdministered(address)).toBe(local);
  });
});
