import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { VERSION_1_1 } from '#shared/wire/version.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { assertAgree, checkBothWorlds } from '../processes/both-worlds.ts';
import { judge } from '../search/outcome.ts';
import { type RunResult, runScenario } from './run-scenario.ts';
import { defineScenario, type Scenario } from './scenario.ts';

async function held(scenario: Scenario): Promise<RunResult> {
  const result = await runScenario(scenario);
  expect(judge(result)).toEqual({ outcome: 'holds', why: [] });
  return result;
}

const seen = (events: readonly TraceEvent[], name: string): readonly TraceEvent[] =>
  events.filter((event) => event.name === name);

const sleeping = defineScenario({
  name: 'suspend and resume',
  pf: 'hv-vhca',
  vf: 'hv-vhca',
  async run(world) {
    await world.attachGuest('g1');
    await world.suspendGuest('g1');
    await world.invalidate(0, 2n);
    await world.advance('1s');
    await world.resumeGuest('g1');
    await world.advance('1s');
  },
});

describe('a scenario between processes', () => {
  test('has the same PFs, guests and quirk as in a simulated world', {
    timeout: 60_000,
  }, async () => {
    const both = await checkBothWorlds({
      name: 'two PFs and two systems',
      pf: 'hv-vhca',
      vf: 'hv-vhca',
      pfs: [{ name: 'left' }, { name: 'right' }],
      writeSizeQuirk: '2018',
      async run(world) {
        await world.attachGuest('g1', { pfs: ['right'], profile: 'linux' });
        await world.attachGuest('g2', { versions: [VERSION_1_1], retry: false });
        await world.invalidate(0, 2n, 'right');
        await world.resetVf(0, 'right');
        await world.ejectVf(0, 'right');
      },
    });
    assertAgree(both);
    const { events } = both.processes;
    expect(seen(events, 'EJECT')[0]).toMatchObject({ device: 'g1/0', pf: 'right' });
  });
});

describe('a scenario', () => {
  test('suspends a guest, which is told of no mask until it is resumed', async () => {
    const { events } = await held(sleeping);
    const entries = seen(events, 'FDO_D0_ENTRY').filter(({ hop }) => hop === 'guestPacketSent');
    const masks = events.filter(
      ({ hop, mask }) => hop === 'hostPacketSent' && BigInt(mask ?? 0) === 2n,
    );
    expect([entries.length, masks.length]).toEqual([2, 1]);
    expect(seen(events, 'FDO_D0_EXIT')[0]?.seq).toBeLessThan(entries[1]?.seq ?? 0);
    expect(masks[0]?.seq).toBeGreaterThan(entries[1]?.seq ?? 0);
  });

  test('suspends a guest whose driver gives the VF back meanwhile, and gets another', async () => {
    const { events } = await held({ ...sleeping, profile: 'linux' });
    const probes = events.filter(({ hop }) => hop === 'linuxProbe');
    expect(probes.map(({ generation }) => generation)).toEqual([1, 2]);
  });

  test('that suspends a guest it has not says so', async () => {
    const { failure } = await runScenario({
      name: 'nobody sleeps',
      pf: 'reference',
      vf: 'reference',
      run: (world) => world.suspendGuest('g7'),
    });
    expect(failure).toContain('there is no guest g7');
  });

  test('has guests of several systems and versions at one host, each as it asks', async () => {
    const { events } = await held({
      name: 'two systems',
      pf: 'hv-vhca',
      vf: 'hv-vhca',
      async run(world) {
        await world.attachGuest('g1');
        await world.attachGuest('g2', { profile: 'linux', versions: [VERSION_1_1] });
      },
    });
    const of = (device: string) => events.filter((event) => event.device === device);
    expect(of('g1/0').some(({ hop }) => hop === 'vfMiniportInitializeEx')).toBe(true);
    expect(of('g2/0').some(({ hop }) => hop === 'linuxProbe')).toBe(true);
    // Version 1.1 has only the older list of devices.
    expect(seen(of('g1/0'), 'BUS_RELATIONS2')).not.toEqual([]);
    expect(seen(of('g2/0'), 'BUS_RELATIONS')).not.toEqual([]);
  });

  test('whose driver is none for the system of a guest says so when it starts that', async () => {
    const missing = defineScenario({
      name: 'a Windows driver on Linux',
      pf: 'reference',
      vf: new URL('./no-such-driver.ts', import.meta.url),
      run: async () => {},
    });
    await expect(runScenario(missing)).rejects.toThrow(/there is no such file/);
  });

  test('has the host of 2018 refuse a write without bytes to spare, which Windows sends', async () => {
    const statuses: unknown[] = [];
    const vf = new RecordingVf({
      async initialize(own) {
        statuses.push(await own.write(1, Uint8Array.of(1)));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
    });
    const scenario: Scenario = {
      name: 'a write',
      pf: new RecordingPf().factory,
      vf: vf.factory,
      run: (world) => world.attachGuest('g1'),
    };
    const { events } = await held({ ...scenario, writeSizeQuirk: '2018' });
    await held(scenario);
    await held({ ...scenario, writeSizeQuirk: '2018', profile: 'linux' });
    expect(statuses).toEqual([
      NDIS_STATUS.NDIS_STATUS_FAILURE,
      NDIS_STATUS.NDIS_STATUS_SUCCESS,
      NDIS_STATUS.NDIS_STATUS_SUCCESS,
    ]);
    expect(
      events.find(({ hop, name }) => hop === 'hostCompletionSent' && name === 'WRITE_BLOCK'),
    ).toMatchObject({ status: NTSTATUS.STATUS_BAD_DATA });
  });

  test('has VFs on several PFs, each of which it invalidates, resets and ejects by its name', async () => {
    const { events } = await held({
      name: 'two PFs',
      pf: 'reference',
      vf: 'reference',
      pfs: [{ name: 'left' }, { name: 'right', numVfs: 2 }],
      async run(world) {
        await world.attachGuest('g1', { vfs: 2, pfs: ['left', 'right'] });
        await world.invalidate(0, 2n, 'right');
        expect(await world.resetVf(0, 'right')).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
        expect(await world.ejectVf(0, 'right')).toBe(true);
        expect(await world.ejectVf(1, 'right')).toBe(false);
      },
    });
    const masks = seen(events, 'INVALIDATE_BLOCK').filter(({ hop }) => hop === 'hostPacketSent');
    expect(masks.map(({ device, pf }) => [device, pf])).toEqual([['g1/1', 'right']]);
    expect(seen(events, 'EJECT').map(({ device }) => device)[0]).toBe('g1/1');
  });

  test('that names a PF it has not says so', async () => {
    const { failure } = await runScenario({
      name: 'a PF of no name',
      pf: 'reference',
      vf: 'reference',
      run: (world) => world.invalidate(0, 2n, 'nowhere'),
    });
    expect(failure).toContain('there is no PF nowhere');
  });
});
