import type { MacAddress } from '#shared/reference-nic/mac-address.ts';
import {
  MTU_RANGE,
  type NdisMediaConnectState,
  type PortAttributes,
} from '#shared/reference-nic/port-attributes.ts';
import { NDIS_PACKET_TYPE, type ReceiveFilter } from '#shared/reference-nic/receive-filter.ts';
import { configuredMacAddress } from './mac-owners.ts';
import type { NicConfig, NicConfigSettings } from './nic-config.ts';
import type { RECEIVE_MODES } from './nic-config-fields.ts';

/** What a VF may ask for through its mailbox. */
export interface MailboxPolicy {
  readonly macAddresses: 'none' | 'locally-administered' | readonly MacAddress[];
  /** Bytes. */
  readonly mtu: { readonly min: number; readonly max: number };
}

/** Everything that the NIC configuration says of one VF. */
export interface VfSettings {
  readonly attributes: PortAttributes;
  readonly receiveFilter: ReceiveFilter;
  readonly multicastAddresses: readonly MacAddress[];
  readonly mailbox: MailboxPolicy;
}

/** What the device does where the configuration says nothing. */
const DEVICE = {
  mtu: 1500,
  linkState: 'connected',
  linkSpeed: 25_000_000_000,
  vlan: 0,
  modes: ['directed', 'multicast', 'broadcast'],
  mailbox: { macAddresses: 'locally-administered', mtu: MTU_RANGE },
} as const;

const LINK_STATES: Readonly<
  Record<NonNullable<NicConfigSettings['linkState']>, NdisMediaConnectState>
> = {
  connected: 'MediaConnectStateConnected',
  disconnected: 'MediaConnectStateDisconnected',
  unknown: 'MediaConnectStateUnknown',
};

type ReceiveMode = (typeof RECEIVE_MODES)[number];

const PACKET_TYPES: Readonly<Record<ReceiveMode, number>> = {
  directed: NDIS_PACKET_TYPE.NDIS_PACKET_TYPE_DIRECTED,
  multicast: NDIS_PACKET_TYPE.NDIS_PACKET_TYPE_MULTICAST,
  'all-multicast': NDIS_PACKET_TYPE.NDIS_PACKET_TYPE_ALL_MULTICAST,
  broadcast: NDIS_PACKET_TYPE.NDIS_PACKET_TYPE_BROADCAST,
  promiscuous: NDIS_PACKET_TYPE.NDIS_PACKET_TYPE_PROMISCUOUS,
};

/**
 * The VF's own settings over those of every VF over the device's.
 *
 * @param permanentMacAddress what the VF was allocated with: its address, unless it has one of its own
 */
export function settingsOfVf(
  config: NicConfig,
  vfId: number,
  permanentMacAddress: MacAddress,
): VfSettings {
  const all = config.defaults ?? {};
  const own = config.vfs?.[vfId] ?? {};
  const modes = own.receiveFilter?.modes ?? all.receiveFilter?.modes ?? DEVICE.modes;
  return {
    attributes: {
      macAddress: configuredMacAddress(config, { vfId, permanentMacAddress }),
      vlanId: own.vlan ?? all.vlan ?? DEVICE.vlan,
      mtu: own.mtu ?? all.mtu ?? DEVICE.mtu,
      linkState: LINK_STATES[own.linkState ?? all.linkState ?? DEVICE.linkState],
      linkSpeed: BigInt(own.linkSpeed ?? all.linkSpeed ?? DEVICE.linkSpeed),
    },
    receiveFilter: {
      packetTypes: modes.reduce((types, mode) => types | PACKET_TYPES[mode], 0),
      vlanIds: own.receiveFilter?.vlans ?? all.receiveFilter?.vlans ?? [],
    },
    multicastAddresses: own.multicast ?? all.multicast ?? [],
    mailbox: {
      macAddresses:
        own.mailbox?.macAddresses ?? all.mailbox?.macAddresses ?? DEVICE.mailbox.macAddresses,
      mtu: own.mailbox?.mtu ?? all.mailbox?.mtu ?? DEVICE.mailbox.mtu,
    },
  };
}
