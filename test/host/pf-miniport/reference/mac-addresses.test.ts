import { describe, expect, test } from 'vitest';
import { createReferencePf, InMemoryNicConfig } from '#host/pf-miniport/reference/index.ts';
import type { NicConfigInput } from '#host/pf-miniport/reference/nic-config.ts';
import { decodePortAttributes } from '#shared/reference-nic/port-attributes.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { PfUnderTest } from './pf-under-test.ts';

const CONFIGURED = '0a:00:00:00:00:01';

/** A PF with two VFs, which NDIS knows as 02:15:5d:00:00:01 and 02:15:5d:00:00:02. */
async function started(config: NicConfigInput) {
  const source = new InMemoryNicConfig(config);
  const pf = await PfUnderTest.start(createReferencePf({ source }));
  await pf.allocateVf();
  await pf.allocateVf();
  return { pf, source };
}

async function macOf(pf: PfUnderTest, vfId: number): Promise<string | undefined> {
  return decodePortAttributes(await pf.bytes(vfId, 0))?.macAddress;
}

describe('the MAC address of a VF', () => {
  test('that the configuration gives to two VFs is told to whoever wrote it', async () => {
    const { pf, source } = await started({ vfs: { 1: { mac: '02:15:5d:00:00:01' } } });
    const warning = { level: 'warn', msg: 'VFs share a MAC address', mac: '02:15:5d:00:00:01' };
    expect(pf.logged.with(warning.msg)).toEqual([{ ...warning, vfId: 1, other: 0 }]);
    source.change({});
    expect(pf.logged.with(warning.msg)).toHaveLength(1);
    source.change({ vfs: { 1: { mac: '02:15:5d:00:00:01' } } });
    expect(pf.logged.with(warning.msg).slice(1)).toEqual([
      { ...warning, vfId: 0, other: 1 },
      { ...warning, vfId: 1, other: 0 },
    ]);
  });

  test('is the one that the configuration gives it, as long as it gives one', async () => {
    const { pf, source } = await started({ vfs: { 0: { mac: CONFIGURED } } });
    expect(await macOf(pf, 0)).toBe(CONFIGURED);
    source.change({});
    expect(await macOf(pf, 0)).toBe('02:15:5d:00:00:01');
    expect(pf.invalidations).toEqual([{ vfId: 0, blocks: [0] }]);
  });

  test('is the PermanentMacAddress that it was allocated with [bring-up.permanent-mac-address]', async () => {
    const { pf } = await started({});
    expect(await macOf(pf, 0)).toBe('02:15:5d:00:00:01');
    expect(await macOf(pf, 1)).toBe('02:15:5d:00:00:02');
    expect(pf.logged.with('VFs share a MAC address')).toEqual([]);
  });

  test('is the same to the guest and to NDIS, and no other VF of any PF has it [bring-up.permanent-mac-address]', async () => {
    const world = await createWorld({
      pf: createReferencePf(),
      pfs: [{ name: 'left' }, { name: 'right' }],
    });
    for (const pf of ['left', 'right']) await world.attachRawGuest(`guest-of-${pf}`, pf);
    const told = world.os.pfs.map(async (pf) => {
      const [vf] = (await pf.view()).vfs;
      const read = await pf.readBlock(0, 0, 128);
      const mac = decodePortAttributes(read?.data ?? new Uint8Array())?.macAddress;
      expect(mac?.replaceAll(':', '')).toBe(
        Buffer.from(vf?.permanentMacAddress ?? []).toString('hex'),
      );
      return mac;
    });
    expect(await Promise.all(told)).toEqual(['02:15:5d:00:00:01', '02:15:5d:00:00:02']);
  });
});
