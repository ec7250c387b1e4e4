import * as z from 'zod';
import { checkMacAddresses } from './mac-owners.ts';
import {
  allowedMacAddresses,
  allowedMtu,
  filterVlans,
  linkSpeed,
  linkState,
  mtu,
  multicastAddresses,
  receiveModes,
  stationAddress,
  strictObject,
  vfIdKey,
  vlan,
} from './nic-config-fields.ts';

const receiveFilter = strictObject({
  modes: receiveModes.optional().describe('which kinds of frames the VF is given'),
  vlans: filterVlans.optional().describe("VLANs accepted beside the port's own"),
});

const mailbox = strictObject({
  macAddresses: allowedMacAddresses.optional().describe('which MAC addresses a VF may ask for'),
  mtu: allowedMtu.optional().describe('which MTUs a VF may ask for, in bytes'),
});

const settings = {
  mtu: mtu.optional().describe('bytes'),
  linkState: linkState.optional(),
  linkSpeed: linkSpeed.optional().describe('bits per second'),
  vlan: vlan.optional().describe('VLAN id; 0 is untagged'),
  receiveFilter: receiveFilter.optional(),
  multicast: multicastAddresses
    .optional()
    .describe('multicast addresses that the VF is a member of'),
  mailbox: mailbox.optional().describe('what a VF may ask the PF for'),
};

const vfSettings = strictObject({
  mac: stationAddress
    .optional()
    .describe('default: the PermanentMacAddress of OID_NIC_SWITCH_ALLOCATE_VF'),
  ...settings,
});

/**
 * The NIC configuration: settings for every VF, and what single VFs have otherwise. A setting that is
 * in neither is the device's own. An object within the settings is merged key by key, except
 * `mailbox.mtu`; a list replaces the one before it.
 */
export const nicConfigSchema = strictObject({
  $schema: z.string({ error: 'the address of a JSON Schema' }).optional(),
  defaults: strictObject(settings).optional().describe('settings of every VF'),
  vfs: z
    .record(vfIdKey, vfSettings, { error: 'an object with VFIds as its keys' })
    .optional()
    .describe('by VFId, what a VF has otherwise'),
}).superRefine(checkMacAddresses);

export type NicConfig = z.output<typeof nicConfigSchema>;
export type NicConfigInput = z.input<typeof nicConfigSchema>;
export type NicConfigSettings = NonNullable<NicConfig['defaults']>;
