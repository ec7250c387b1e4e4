import { describe, expect, test } from 'vitest';
import { IO_RULES } from '#guest/io/io-violation.ts';
import { CALLBACK_RULE } from '#guest/linux/invalidate-callback.ts';
import { defineLinuxVfDriver } from '#guest/linux/linux-vf-driver.ts';
import { ATTRIBUTES_RULE } from '#shared/ndis/miniport-registration.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import { LegacyVf } from '#test/support/legacy-vf.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;

/** The hops of the events that the first report shows. */
function shownBy({ reports, events }: World): readonly (string | undefined)[] {
  return reports[0]?.events.map(({ seq }) => events[seq - 1]?.hop) ?? [];
}

/** A world in which one VF miniport has been told of block 0. */
async function legacyWorld(minorNdisVersion: number): Promise<World> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, breaks: 'any' });
  const vf = new LegacyVf({ majorNdisVersion: 6, minorNdisVersion });
  await world.attachGuest(vf.factory);
  return world;
}

describe('a rule that is held to without the verifier is reported by it as others are', () => {
  test('from NDIS 6.30 on, a VF miniport that issues IOCTL_VPCI_INVALIDATE_BLOCK', async () => {
    const world = await legacyWorld(30);
    const id = 'ndis.invalidate-ioctl';
    expect(world.reports).toMatchObject([
      { id, ...IO_RULES[id], actor: 'VF miniport g1/0', severity: 'violation', count: 1 },
    ]);
    expect(shownBy(world)).toEqual(['vfMiniportInitializeEx', 'vfContractViolated']);
    expect(world.eventsOf('vfContractViolated')).toHaveLength(1);
  });

  test('and before NDIS 6.30 it may', async () => {
    expect((await legacyWorld(20)).reports).toEqual([]);
  });

  test('attributes that are registered after MiniportInitializeEx', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const world = await createWorld({ pf: pf.factory, breaks: 'any' });
    await world.attachGuest(vf.factory);
    const attributes = { type: 0x9f, supportedOidList: [] } as const;
    expect(pf.adapter.ndisMSetMiniportAttributes(attributes)).not.toBe(NDIS_STATUS_SUCCESS);
    expect(vf.current.adapter.ndisMSetMiniportAttributes(attributes)).not.toBe(NDIS_STATUS_SUCCESS);
    expect(world.reports).toMatchObject([
      { ...ATTRIBUTES_RULE, actor: 'PF miniport pf0' },
      { ...ATTRIBUTES_RULE, actor: 'VF miniport g1/0' },
    ]);
    expect(shownBy(world)).toEqual(['pfContractViolated']);
  });

  test('a Linux VF driver that waits in its invalidation callback', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, breaks: 'any' });
    const driver = defineLinuxVfDriver(() => ({
      probe(device) {
        device.hyperv_reg_block_invalidate(undefined, () => {
          void device.hyperv_read_cfg_blk(new Uint8Array(1), 1, 0);
        });
        return 0;
      },
      remove: () => {},
    }));
    await world.attachGuest(driver, { profile: 'linux' });
    pf.invalidate(0, 1n);
    await world.settled();
    expect(world.reports).toMatchObject([{ ...CALLBACK_RULE, actor: 'Linux VF driver g1/0' }]);
    expect(shownBy(world)).toEqual(['linuxContractViolated']);
  });
});
