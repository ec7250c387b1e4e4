import * as z from 'zod';
import {
  isMulticastAddress,
  isUnicastAddress,
  MAC_ADDRESS_SPELLING,
  type MacAddress,
} from '#shared/reference-nic/mac-address.ts';
import { MAX_MULTICAST_ADDRESSES } from '#shared/reference-nic/multicast-addresses.ts';
import { MAX_VLAN_ID, MTU_RANGE } from '#shared/reference-nic/port-attributes.ts';
import { MAX_FILTER_VLANS } from '#shared/reference-nic/receive-filter.ts';

/**
 * The fields of the NIC configuration. The message of each check says what was expected, and nothing
 * else: whoever reports a problem adds where it is and what was found.
 */

/** An object of these keys and no others. */
export function strictObject<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `one of ${keys}` : `an object with ${keys}`,
  });
}

function wholeNumber(min: number, max: number, what = 'a whole number'): z.ZodInt {
  const error = `${what} from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

function oneOf<const Names extends readonly string[]>(names: Names) {
  return z.enum(names, { error: `one of ${names.join(', ')}` });
}

/** A list without repetitions. */
function listOf<Item extends z.ZodType>(item: Item, max: number, what: string) {
  return z
    .array(item, { error: `a list of ${what}` })
    .max(max, { error: `at most ${max} ${what}` })
    .refine((items) => new Set(items).size === items.length, { error: `${what}, each once` })
    .meta({ uniqueItems: true });
}

function macAddress(expected: string, accepts: (address: MacAddress) => boolean) {
  return z
    .string({ error: expected })
    .regex(MAC_ADDRESS_SPELLING, { error: expected })
    .transform((text) => text.toLowerCase().replaceAll('-', ':'))
    .refine(accepts, { error: expected });
}

export const stationAddress = macAddress(
  'the MAC address of one station, such as 02:15:5d:00:00:01',
  isUnicastAddress,
);

export const mtu = wholeNumber(MTU_RANGE.min, MTU_RANGE.max);

export const linkState = oneOf(['connected', 'disconnected', 'unknown']);

/** A JSON number is exact up to 2^53 - 1, which is plenty of bits per second. */
export const linkSpeed = wholeNumber(0, Number.MAX_SAFE_INTEGER, 'bits per second, a whole number');

export const vlan = wholeNumber(0, MAX_VLAN_ID);

export const RECEIVE_MODES = [
  'directed',
  'multicast',
  'all-multicast',
  'broadcast',
  'promiscuous',
] as const;

export const receiveModes = listOf(oneOf(RECEIVE_MODES), RECEIVE_MODES.length, 'receive modes');

export const filterVlans = listOf(wholeNumber(1, MAX_VLAN_ID), MAX_FILTER_VLANS, 'VLAN ids');

export const multicastAddresses = listOf(
  macAddress('a multicast MAC address, such as 01:00:5e:00:00:fb', isMulticastAddress),
  MAX_MULTICAST_ADDRESSES,
  'multicast addresses',
);

/** So many addresses may a VF be allowed to ask for. */
const MAX_ALLOWED_ADDRESSES = 64;

export const allowedMacAddresses = z.union(
  [
    z.literal(['none', 'locally-administered']),
    listOf(stationAddress, MAX_ALLOWED_ADDRESSES, 'MAC addresses'),
  ],
  { error: 'none, locally-administered, or a list of MAC addresses' },
);

export const allowedMtu = strictObject({ min: mtu, max: mtu }).refine(
  ({ min, max }) => min <= max,
  { error: 'a min that is not above max' },
);

/** A VFId that can be given out: 0xFFFF is NDIS_INVALID_VF_FUNCTION_ID. */
export const vfIdKey = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-4])$/, {
    error: 'a VFId in decimal, from 0 to 65534',
  });
