import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import referencePf, {
  createReferencePf,
  InMemoryNicConfig,
  NicConfigError,
} from '#host/pf-miniport/reference/index.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { readContentVersions } from '#shared/reference-nic/content-versions.ts';
import { encodeInterfaceStatistics } from '#shared/reference-nic/interface-statistics.ts';
import { decodeMulticastAddresses } from '#shared/reference-nic/multicast-addresses.ts';
import { decodePortAttributes } from '#shared/reference-nic/port-attributes.ts';
import { decodeReceiveFilter } from '#shared/reference-nic/receive-filter.ts';
import { PfUnderTest } from './pf-under-test.ts';

const { NDIS_STATUS_FAILURE, NDIS_STATUS_INVALID_DATA, NDIS_STATUS_INVALID_PARAMETER } =
  NDIS_STATUS;

/** A PF with this configuration and so many VFs. */
async function started(config: ConstructorParameters<typeof InMemoryNicConfig>[0], vfs = 1) {
  const source = new InMemoryNicConfig(config);
  const pf = await PfUnderTest.start(createReferencePf({ source }));
  for (let vf = 0; vf < vfs; vf++) await pf.allocateVf();
  return { pf, source };
}

const STATISTICS = encodeInterfaceStatistics({
  sequence: 7,
  source: 'machine',
  interval: 10_000,
  counters: {
    rxBytes: 0xffff_ffff_ffff_ffffn,
    rxPackets: 2n,
    rxErrors: 3n,
    rxDrops: 4n,
    txBytes: 5n,
    txPackets: 6n,
    txErrors: 7n,
    txDrops: 8n,
  },
});

describe('the PF of the reference NIC, at its start', () => {
  test('fails with the place of what is wrong in its configuration file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reference-pf-'));
    const file = join(folder, 'nic.json');
    await writeFile(file, '{ "vfs": { "0": { "mtu": 1 } } }');
    const pf = new PfUnderTest(referencePf, { NicConfigFile: file });
    const start = pf.initialize();
    await expect(start).rejects.toBeInstanceOf(NicConfigError);
    await expect(start).rejects.toThrow(`${file}:1:26: vfs.0.mtu: found 1, expected`);
    await rm(folder, { recursive: true });
  });

  test('takes its configuration from the file that the keyword NicConfigFile names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reference-pf-'));
    const file = join(folder, 'nic.json');
    await writeFile(file, '{ "vfs": { "0": { "mtu": 9000 } } }');
    const pf = await PfUnderTest.start(referencePf, { NicConfigFile: file });
    const vfId = await pf.allocateVf();
    expect(decodePortAttributes(await pf.bytes(vfId, 0))).toMatchObject({ mtu: 9000 });
    await pf.miniport.miniportHaltEx?.();
    await rm(folder, { recursive: true });
  });

  test('needs no configuration file', async () => {
    const pf = await PfUnderTest.start(referencePf);
    const vfId = await pf.allocateVf();
    expect(decodePortAttributes(await pf.bytes(vfId, 0))).toMatchObject({ mtu: 1500 });
  });
});

describe('the blocks of the reference NIC', () => {
  test.each([3, 15, 18, 64, 0xffff_ffff])('block %d is not known', async (blockId) => {
    const { pf } = await started({});
    expect(await pf.read(0, blockId)).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(await pf.write(0, blockId, new Uint8Array(16))).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test.each([0, 1, 2])('block %d cannot be written', async (blockId) => {
    const { pf } = await started({});
    const before = await pf.bytes(0, blockId);
    expect(await pf.write(0, blockId, before)).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(await pf.bytes(0, blockId)).toEqual(before);
  });

  test('statistics that are none are refused, and none can be read', async () => {
    const { pf } = await started({});
    expect(await pf.read(0, 17)).toBe(NDIS_STATUS_FAILURE);
    expect(await pf.write(0, 17, STATISTICS.slice(0, 127))).toBe(NDIS_STATUS_INVALID_DATA);
    expect(await pf.read(0, 17)).toBe(NDIS_STATUS_FAILURE);
  });

  test('the last statistics of a VF are what a read of them answers', async () => {
    const { pf } = await started({}, 2);
    expect(await pf.write(1, 17, STATISTICS)).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    expect(await pf.read(1, 17)).toEqual(STATISTICS);
    expect(await pf.read(0, 17)).toBe(NDIS_STATUS_FAILURE);
  });

  test('carry the configuration of their VF', async () => {
    const { pf } = await started(
      {
        defaults: { linkSpeed: 100_000_000_000, multicast: ['01:00:5e:00:00:01'] },
        vfs: { 1: { vlan: 5, receiveFilter: { modes: ['promiscuous'], vlans: [6] } } },
      },
      2,
    );
    expect(decodePortAttributes(await pf.bytes(1, 0))).toEqual({
      macAddress: '02:15:5d:00:00:02',
      vlanId: 5,
      mtu: 1500,
      linkState: 'MediaConnectStateConnected',
      linkSpeed: 100_000_000_000n,
    });
    expect(decodeReceiveFilter(await pf.bytes(1, 1))).toEqual({ packetTypes: 0x20, vlanIds: [6] });
    expect(decodeReceiveFilter(await pf.bytes(0, 1))).toEqual({ packetTypes: 0x0b, vlanIds: [] });
    expect(decodeMulticastAddresses(await pf.bytes(1, 2))).toEqual(['01:00:5e:00:00:01']);
  });

  test('a short read answers the beginning of the block', async () => {
    const { pf } = await started({});
    expect(await pf.read(0, 0, 20)).toEqual((await pf.bytes(0, 0)).slice(0, 20));
  });
});

describe('a change of the configuration', () => {
  test('that changes nothing of a VF invalidates nothing of it', async () => {
    const { pf, source } = await started({ defaults: { mtu: 1400 } }, 2);
    source.change({ vfs: { 0: { mtu: 1400 }, 1: { mtu: 1400 }, 2: { mtu: 9000 } } });
    expect(pf.invalidations).toEqual([]);
    expect(readContentVersions(await pf.bytes(0, 0))).toEqual([1, 1, 1]);
  });

  test('invalidates in one call exactly the blocks of each VF that changed', async () => {
    const { pf, source } = await started({}, 3);
    source.change({
      vfs: {
        0: { mtu: 9000, vlan: 3, multicast: ['01:00:5e:00:00:01'] },
        2: { receiveFilter: { vlans: [9] } },
      },
    });
    expect(pf.invalidations).toEqual([
      { vfId: 0, blocks: [0, 2] },
      { vfId: 2, blocks: [1] },
    ]);
    expect(pf.logged.with('VF configuration changed')).toEqual([
      {
        level: 'info',
        msg: 'VF configuration changed',
        vfId: 0,
        blocks: [0, 2],
        by: 'configuration',
      },
      { level: 'info', msg: 'VF configuration changed', vfId: 2, blocks: [1], by: 'configuration' },
    ]);
  });

  test('moves the version of each changed block by one, and every header lists all three', async () => {
    const { pf, source } = await started({});
    source.change({ defaults: { mtu: 9000, multicast: ['01:00:5e:00:00:01'] } });
    source.change({ defaults: { mtu: 9000 } });
    for (const blockId of [0, 1, 2]) {
      expect(readContentVersions(await pf.bytes(0, blockId))).toEqual([2, 1, 3]);
    }
    expect(decodePortAttributes(await pf.bytes(0, 0))).toMatchObject({ mtu: 9000 });
  });

  test('is in force for a VF that is allocated after it', async () => {
    const { pf, source } = await started({}, 0);
    source.change({ defaults: { mtu: 9000 } });
    const vfId = await pf.allocateVf();
    expect(pf.invalidations).toEqual([]);
    const bytes = await pf.bytes(vfId, 0);
    expect(readContentVersions(bytes)).toEqual([1, 1, 1]);
    expect(decodePortAttributes(bytes)).toMatchObject({ mtu: 9000 });
  });

  test('reaches no VF that was freed', async () => {
    const { pf, source } = await started({}, 2);
    await pf.freeVf(0);
    source.change({ defaults: { mtu: 9000 } });
    expect(pf.invalidations).toEqual([{ vfId: 1, blocks: [0] }]);
  });

  test('reaches no PF that was halted', async () => {
    const { pf, source } = await started({});
    await pf.miniport.miniportHaltEx?.();
    source.change({ defaults: { mtu: 9000 } });
    expect(pf.invalidations).toEqual([]);
  });

  test('that is not valid leaves the one before it in force', async () => {
    const { pf, source } = await started({ defaults: { mtu: 1400 } });
    expect(() => source.change({ defaults: { mtu: 1 } })).toThrow(NicConfigError);
    expect(pf.invalidations).toEqual([]);
    expect(decodePortAttributes(await pf.bytes(0, 0))).toMatchObject({ mtu: 1400 });
  });
});

describe('a VF that is reset', () => {
  test('has reported no statistics', async () => {
    const { pf } = await started({}, 2);
    await pf.write(0, 17, STATISTICS);
    await pf.write(1, 17, STATISTICS);
    await pf.resetVf(0);
    expect(await pf.read(0, 17)).toBe(NDIS_STATUS_FAILURE);
    expect(await pf.read(1, 17)).toEqual(STATISTICS);
  });

  test('is not told of an invalidation when nothing changes with it', async () => {
    const { pf } = await started({});
    await pf.resetVf(0);
    expect(pf.invalidations).toEqual([]);
  });
});

describe('a VF that is given out again', () => {
  test('begins without what the one before it told', async () => {
    const { pf, source } = await started({});
    source.change({ defaults: { mtu: 9000 } });
    await pf.write(0, 17, STATISTICS);
    await pf.freeVf(0);
    expect(await pf.allocateVf()).toBe(0);
    expect(await pf.read(0, 17)).toBe(NDIS_STATUS_FAILURE);
    expect(readContentVersions(await pf.bytes(0, 0))).toEqual([1, 1, 1]);
  });
});

describe('the report on a VF', () => {
  test('is empty for one that is not allocated', async () => {
    const { pf } = await started({}, 0);
    expect(pf.miniport.reportVf?.(5)).toEqual({ blocks: [], details: {} });
  });

  test('is JSON that says what is in force and what the VF told', async () => {
    const { pf } = await started({ defaults: { vlan: 5 } });
    await pf.write(0, 17, STATISTICS);
    const report = JSON.parse(JSON.stringify(pf.miniport.reportVf?.(0)));
    expect(report.blocks.map(({ blockId }: { blockId: number }) => blockId)).toEqual([
      0, 1, 2, 16, 17,
    ]);
    expect(report.details).toEqual({
      attributes: {
        macAddress: '02:15:5d:00:00:01',
        vlanId: 5,
        mtu: 1500,
        linkState: 'MediaConnectStateConnected',
        linkSpeed: '25000000000',
      },
      receiveFilter: { packetTypes: 11, vlanIds: [] },
      multicastAddresses: [],
      versions: [1, 1, 1],
      requested: {},
      mailbox: { outcome: 'none' },
      statistics: {
        receivedAt: new Date(pf.clock.now()).toISOString(),
        sequence: 7,
        source: 'machine',
        interval: 10_000,
        counters: {
          rxBytes: '18446744073709551615',
          rxPackets: '2',
          rxErrors: '3',
          rxDrops: '4',
          txBytes: '5',
          txPackets: '6',
          txErrors: '7',
          txDrops: '8',
        },
      },
    });
  });
});
