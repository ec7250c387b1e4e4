import { describe, expect, test } from 'vitest';
import { OID } from '#shared/ndis/oid.ts';
import { MESSAGES } from '#shared/wire/registry.ts';
import type { Frame } from '#test/kit/world/controlled-transport.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { RecordingLinuxDriver } from '#test/support/recording-linux-driver.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** The request type of each OID, and the frames, of a VF's life in which everything happens once. */
async function lifeOfAVf(version: number) {
  const types = new Map<number, number>();
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory });
  const vf = new RecordingVf();
  const guest = await world.attachGuest(
    (adapter) => {
      const miniport = vf.factory(adapter);
      return {
        ...miniport,
        miniportOidRequest: (request) => {
          types.set(request.oid, request.requestType);
          return miniport.miniportOidRequest(request);
        },
      };
    },
    { versions: [version], vfs: 2 },
  );
  await vf.current.read(5, 16);
  await vf.current.write(64, new Uint8Array(3));
  await vf.current.adapter.ndisMSetBusData(0, 4, new Uint8Array(2), 2);
  pf.invalidate(1, 1n);
  await turn();
  await world.host.resetVf(0);
  world.host.ejectVf(1);
  await turn();
  await guest.os.stop();
  await world.host.stop();
  for (const { oid, requestType } of pf.asked) types.set(oid, requestType);
  const fromGuest = guest.links.flatMap((link) => link.guest.frames);
  const fromHost = guest.links.flatMap((link) => link.host.frames);
  return { types, fromGuest, fromHost };
}

describe('the OIDs of a VF and its switch', () => {
  test.each([
    ['[oids.create-switch]', 'OID_NIC_SWITCH_CREATE_SWITCH', 0x00010237, 12],
    ['[oids.delete-switch]', 'OID_NIC_SWITCH_DELETE_SWITCH', 0x00010239, 1],
    ['[oids.create-vport]', 'OID_NIC_SWITCH_CREATE_VPORT', 0x00010241, 12],
    ['[oids.delete-vport]', 'OID_NIC_SWITCH_DELETE_VPORT', 0x00010244, 1],
    ['[oids.move-filter]', 'OID_RECEIVE_FILTER_MOVE_FILTER', 0x00010230, 1],
    ['[oids.allocate-vf]', 'OID_NIC_SWITCH_ALLOCATE_VF', 0x00010245, 12],
    ['[oids.free-vf]', 'OID_NIC_SWITCH_FREE_VF', 0x00010246, 1],
    ['[oids.read-vf-config-space]', 'OID_SRIOV_READ_VF_CONFIG_SPACE', 0x00010251, 12],
    ['[oids.write-vf-config-space]', 'OID_SRIOV_WRITE_VF_CONFIG_SPACE', 0x00010252, 1],
    ['[oids.read-vf-config-block]', 'OID_SRIOV_READ_VF_CONFIG_BLOCK', 0x00010253, 12],
    ['[oids.write-vf-config-block]', 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK', 0x00010254, 1],
    ['[oids.reset-vf]', 'OID_SRIOV_RESET_VF', 0x00010255, 1],
    ['[oids.set-vf-power-state]', 'OID_SRIOV_SET_VF_POWER_STATE', 0x00010256, 1],
    ['[oids.vf-vendor-device-id]', 'OID_SRIOV_VF_VENDOR_DEVICE_ID', 0x00010257, 12],
    ['[oids.probed-bars]', 'OID_SRIOV_PROBED_BARS', 0x00010258, 0],
    ['[oids.bar-resources]', 'OID_SRIOV_BAR_RESOURCES', 0x00010259, 12],
    ['[oids.vf-invalidate-config-block]', 'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK', 0x00010269, 12],
  ] as const)('%s: %s is %i, of request type %i', async (_rule, name, value, requestType) => {
    expect(OID[name]).toBe(value);
    expect((await lifeOfAVf(0x00010006)).types.get(value)).toBe(requestType);
  });
});

describe('the messages of the channel', () => {
  test.each([
    ['[messages.query-protocol-version]', 'QUERY_PROTOCOL_VERSION', 0x42490013, 'guest'],
    ['[messages.fdo-d0-entry]', 'FDO_D0_ENTRY', 0x42490007, 'guest'],
    [
      '[messages.current-resource-requirements]',
      'CURRENT_RESOURCE_REQUIREMENTS',
      0x42490005,
      'guest',
    ],
    ['[messages.fdo-d0-exit]', 'FDO_D0_EXIT', 0x42490008, 'guest'],
    ['[messages.device-power-state-change]', 'DEVICE_POWER_STATE_CHANGE', 0x42490004, 'guest'],
    ['[messages.read-block]', 'READ_BLOCK', 0x42490009, 'guest'],
    ['[messages.write-block]', 'WRITE_BLOCK', 0x4249000a, 'guest'],
    ['[messages.eject-complete]', 'EJECT_COMPLETE', 0x4249000f, 'guest'],
    ['[messages.bus-relations2]', 'BUS_RELATIONS2', 0x42490019, 'host'],
    ['[messages.invalidate-block]', 'INVALIDATE_BLOCK', 0x42490012, 'host'],
    ['[messages.eject]', 'EJECT', 0x4249000b, 'host'],
  ])('%s: %s is 0x%x, from the %s', async (_rule, type, number, sender) => {
    expect(MESSAGES.find((message) => message.type === type)?.number).toBe(number);
    const { fromGuest, fromHost } = await lifeOfAVf(0x00010006);
    expect(typesOf(fromGuest).has(type)).toBe(sender === 'guest');
    expect(typesOf(fromHost).has(type)).toBe(sender === 'host');
  });

  test.each(['1.2', '1.1'])(
    'below version 1.3, in %s, the list is BUS_RELATIONS, 0x42490000 [messages.bus-relations]',
    async (name) => {
      const { fromHost } = await lifeOfAVf(name === '1.2' ? 0x00010002 : 0x00010001);
      expect(typesOf(fromHost).has('BUS_RELATIONS')).toBe(true);
      expect(typesOf(fromHost).has('BUS_RELATIONS2')).toBe(false);
      expect(MESSAGES.find(({ type }) => type === 'BUS_RELATIONS')?.number).toBe(0x42490000);
    },
  );

  test('QUERY_BUS_RELATIONS is 0x42490001, from a guest of Linux, and the list is its answer [messages.query-bus-relations]', async () => {
    const type = 'QUERY_BUS_RELATIONS';
    expect(MESSAGES.find((message) => message.type === type)?.number).toBe(0x42490001);
    const world = await createWorld({ pf: new RecordingPf().factory });
    const driver = new RecordingLinuxDriver();
    const { link } = await world.attachGuest(driver.module, { profile: 'linux' });
    expect(typesOf(link.guest.frames).has(type)).toBe(true);
    expect(typesOf(link.host.frames).has(type)).toBe(false);
    const asked = world.events.find(
      (event) => event.hop === 'guestPacketReceived' && event.name === type,
    );
    const next = world.events.find(
      ({ hop, seq }) => hop === 'hostPacketSent' && seq > (asked?.seq ?? Infinity),
    );
    expect(next?.name).toMatch(/^BUS_RELATIONS/);
  });
});

function typesOf(frames: readonly Frame[]): ReadonlySet<string | undefined> {
  return new Set(frames.map(({ message }) => message.type));
}
