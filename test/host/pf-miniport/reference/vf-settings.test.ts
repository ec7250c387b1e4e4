import { describe, expect, test } from 'vitest';
import type { NicConfigInput } from '#host/pf-miniport/reference/nic-config.ts';
import { parseNicConfig } from '#host/pf-miniport/reference/parse-nic-config.ts';
import { settingsOfVf, type VfSettings } from '#host/pf-miniport/reference/vf-settings.ts';

/** What the VF was allocated with. */
const PERMANENT = '02:15:5d:00:00:09';

function settings(config: NicConfigInput, vfId: number): VfSettings {
  return settingsOfVf(parseNicConfig(config), vfId, PERMANENT);
}

describe('the settings of a VF', () => {
  test("are the device's own where the configuration says nothing", () => {
    expect(settings({}, 3)).toEqual({
      attributes: {
        macAddress: PERMANENT,
        vlanId: 0,
        mtu: 1500,
        linkState: 'MediaConnectStateConnected',
        linkSpeed: 25_000_000_000n,
      },
      receiveFilter: { packetTypes: 0x0b, vlanIds: [] },
      multicastAddresses: [],
      mailbox: { macAddresses: 'locally-administered', mtu: { min: 576, max: 9216 } },
    });
  });

  test("are the VF's own over the defaults, key by key", () => {
    const config: NicConfigInput = {
      defaults: {
        mtu: 9000,
        vlan: 7,
        linkState: 'unknown',
        linkSpeed: 1,
        receiveFilter: { modes: ['promiscuous'], vlans: [1, 2] },
        multicast: ['01:00:5e:00:00:01'],
        mailbox: { macAddresses: 'none', mtu: { min: 1000, max: 2000 } },
      },
      vfs: {
        3: {
          mac: '0a:00:00:00:00:03',
          vlan: 0,
          linkState: 'disconnected',
          receiveFilter: { vlans: [] },
          multicast: [],
          mailbox: { macAddresses: ['0a:00:00:00:00:99'] },
        },
        4: { mailbox: { mtu: { min: 3000, max: 4000 } } },
      },
    };
    expect(settings(config, 3)).toEqual({
      attributes: {
        macAddress: '0a:00:00:00:00:03',
        vlanId: 0,
        mtu: 9000,
        linkState: 'MediaConnectStateDisconnected',
        linkSpeed: 1n,
      },
      receiveFilter: { packetTypes: 0x20, vlanIds: [] },
      multicastAddresses: [],
      mailbox: { macAddresses: ['0a:00:00:00:00:99'], mtu: { min: 1000, max: 2000 } },
    });
    expect(settings(config, 4)).toMatchObject({
      attributes: { macAddress: PERMANENT, vlanId: 7 },
      receiveFilter: { vlanIds: [1, 2] },
      multicastAddresses: ['01:00:5e:00:00:01'],
      mailbox: { macAddresses: 'none', mtu: { min: 3000, max: 4000 } },
    });
  });

  test('OR the flags of all receive modes', () => {
    const modes = ['directed', 'multicast', 'all-multicast', 'broadcast', 'promiscuous'] as const;
    const config = { defaults: { receiveFilter: { modes: [...modes] } } };
    expect(settings(config, 0).receiveFilter.packetTypes).toBe(0x2f);
    const none = { defaults: { receiveFilter: { modes: [] } } };
    expect(settings(none, 0).receiveFilter.packetTypes).toBe(0);
  });
});
