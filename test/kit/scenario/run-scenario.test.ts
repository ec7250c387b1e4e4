import { describe, expect, test } from 'vitest';
import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay, kill } from '../faults/fault.ts';
import { runScenario } from './run-scenario.ts';
import { defineScenario } from './scenario.ts';

const scenario = defineScenario({
  name: 'attach, invalidate, detach',
  pf: 'reference',
  vf: 'reference',
  async run(world) {
    await world.attachGuest('g1');
    await world.invalidate(0, 2n);
    await world.stopGuest('g1');
  },
});

describe('a scenario', () => {
  test('that waits for what never happens says what, and its world still ends', async () => {
    const run = await runScenario({
      ...scenario,
      run: (world) => world.until({ hop: 'vfMiniportHaltEx', device: 'g9/0' }),
    });
    expect(run.failure).toBe('this did not come about: every event at vfMiniportHaltEx of g9/0');
    expect(run.events.at(-1)?.hop).toBe('pfMiniportHaltEx');
  });

  test('counts a call that NDIS refuses as one that returned', async () => {
    const vf = defineVfMiniport((adapter) =>
      configBlockVf({
        async initialize() {
          await adapter.ndisMReadConfigBlock(1, new Uint8Array(4), 16);
          return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        },
        invalidated() {},
      }),
    );
    const { events, verdicts } = await runScenario({ ...scenario, vf });
    expect(events.filter(({ hop }) => hop === 'ndisMReadConfigBlockReturn')).toMatchObject([
      { status: NDIS_STATUS.NDIS_STATUS_FAILURE },
    ]);
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
  });

  test('names the fault rules that met nothing', async () => {
    const faults = [{ when: { hop: 'hostPacketSent', name: 'NO_SUCH' }, do: delay(1) }] as const;
    expect((await runScenario(scenario, { faults })).unfired).toEqual([
      'delay: every NO_SUCH at hostPacketSent',
    ]);
  });

  test('holds every invariant when nothing befalls it', async () => {
    const run = await runScenario(scenario);
    expect(run.failure).toBeUndefined();
    expect(run.verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
  });

  test('runs on when a guest dies in the middle of its attach', async () => {
    const when = { hop: 'guestPacketSent', name: 'READ_BLOCK', nth: 2 } as const;
    const run = await runScenario(scenario, { faults: [{ when, do: kill('guest') }] });
    expect(run.failure).toBeUndefined();
    expect(run.unfired).toEqual([]);
    expect(run.events.some(({ name }) => name === 'OID_NIC_SWITCH_FREE_VF')).toBe(true);
  });

  test('runs on the guest that it names, over the versions that either side speaks', async () => {
    const versions = { host: [0x00010003, 0x00010002], guest: [0x00010002, 0x00010001] };
    const run = await runScenario({ ...scenario, profile: 'linux', versions });
    expect(run.failure).toBeUndefined();
    expect(run.events.some(({ hop }) => hop === 'hypervRegBlockInvalidate')).toBe(true);
    const asked = run.events.filter(({ name }) => name === 'QUERY_PROTOCOL_VERSION');
    expect(asked.filter(({ hop }) => hop === 'guestPacketSent')).toHaveLength(1);
    const apart = { ...versions, guest: [0x00010001] };
    const refused = await runScenario({ ...scenario, versions: apart });
    expect(refused.events.some(({ hop }) => hop === 'vfMiniportInitializeEx')).toBe(false);
  });

  test('puts a guest to sleep and wakes it: what the PF invalidates meanwhile comes after that', async () => {
    const run = await runScenario({
      ...scenario,
      async run(world) {
        await world.attachGuest('g1');
        await world.suspendGuest('g1');
        await world.invalidate(0, 2n);
        await world.advance('1s');
        await world.resumeGuest('g1');
        await world.settle();
      },
    });
    expect(run.failure).toBeUndefined();
    expect(run.verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
    const oids = run.events.filter(({ hop }) => hop === 'vfMiniportOidRequest');
    const start = run.events[0]?.at ?? 0;
    expect(oids.map(({ name, at }) => `${name} ${at - start}`)).toEqual([
      'OID_PNP_SET_POWER 0',
      'OID_PNP_SET_POWER 1000',
      'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK 1000',
    ]);
  });

  test('a guest that is not there can neither be stopped nor put to sleep', async () => {
    for (const what of ['stopGuest', 'suspendGuest', 'resumeGuest'] as const) {
      const run = await runScenario({ ...scenario, run: (world) => world[what]('g9') });
      expect(run.failure).toBe(`${what}('g9'): there is no guest g9`);
    }
  });

  test('goes the same way again, to the byte, and another with another seed', async () => {
    const options = { seed: 7, latency: '5ms' } as const;
    const hash = (await runScenario(scenario, options)).hash;
    expect((await runScenario(scenario, options)).hash).toBe(hash);
    expect((await runScenario(scenario, { ...options, seed: 8 })).hash).not.toBe(hash);
  });
});
