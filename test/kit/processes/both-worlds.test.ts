import { describe, expect, test, vi } from 'vitest';
import { type Checker, verdict } from '../check/checker.ts';
import { cut, drop, type FaultRule, hold, kill } from '../faults/fault.ts';
import wholeLife from '../samples/whole-life.scenario.ts';
import { defineScenario } from '../scenario/scenario.ts';
import type { ScenarioWorld } from '../scenario/scenario-world.ts';
import { assertAgree, checkBothWorlds } from './both-worlds.ts';

// Each starts processes, on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const HV_VHCA = { pf: 'hv-vhca', vf: 'hv-vhca', vfConfiguration: new Map() };

const short = defineScenario({
  name: 'attach, invalidate, detach',
  pf: 'reference',
  vf: 'reference',
  // The first report is due at once, which in a simulated world is when time passes.
  vfConfiguration: new Map([['StatisticsIntervalMs', '0']]),
  async run(world) {
    await world.attachGuest('g1', { retry: false });
    await world.invalidate(0, 2n);
    await world.stopGuest('g1');
  },
});

async function sleep(world: ScenarioWorld): Promise<void> {
  await world.attachGuest('g1', { retry: false });
  await world.suspendGuest('g1');
  await world.invalidate(0, 2n);
  await world.resumeGuest('g1');
  await world.stopGuest('g1');
}

/** Nothing takes time in a simulated world, and nothing takes none in another. */
const inNoTime: Checker = {
  id: 'in-no-time',
  rule: 'A read returns at once.',
  check({ history }) {
    const breaches = history.requests.flatMap(({ call, returned: [first] }) =>
      first === undefined || first.at > call.at
        ? [{ why: `${call.device} waited for block ${call.blockId}`, events: [call.seq] }]
        : [],
    );
    return verdict('in-no-time', breaches);
  },
};

describe('a scenario in a simulated world and between processes', () => {
  test.each([
    ['reference', wholeLife],
    ['hv-vhca', { ...wholeLife, ...HV_VHCA }],
    ['linux', { ...short, profile: 'linux' as const }],
    ['reference, asleep for a while', { ...short, run: sleep }],
  ])('is the same for the pair %s', async (_pair, scenario) => {
    const both = await checkBothWorlds(scenario);
    assertAgree(both);
    expect(both.processes.failure).toBeUndefined();
    expect(both.processes.verdicts.map(({ holds }) => holds)).toEqual(Array(10).fill(true));
    expect(new Set(both.processes.events.map(({ device }) => device))).toEqual(
      new Set(['g1/0', undefined]),
    );
  });

  const invalidation = { hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK' } as const;
  const told = { hop: 'vfMiniportOidRequest', device: 'g1/0' } as const;
  const faults: readonly (readonly [name: string, rule: FaultRule])[] = [
    ['a channel that breaks', { when: { hop: 'blockMaskCached' }, do: cut() }],
    ['an invalidation that is lost', { when: { ...invalidation, nth: 1 }, do: drop() }],
    ['a guest that dies', { when: { ...told, nth: 1 }, do: kill('guest') }],
    ['a guest that the host sees die', { when: { hop: 'blockMaskCached' }, do: kill('guest') }],
    ['a host that dies', { when: { hop: 'blockMaskCached' }, do: kill('host') }],
    [
      'an invalidation that waits for what happens in the guest',
      { when: invalidation, do: hold({ hop: 'vfMiniportHaltEx' }) },
    ],
  ];
  test.each(faults)('is the same under %s', async (_name, rule) => {
    const both = await checkBothWorlds(short, { faults: [rule] });
    assertAgree(both);
    expect(both.processes.unfired).toEqual([]);
    expect(both.processes.faults.map(({ fault }) => fault)).toContainEqual(rule.do);
    const [first] = both.processes.faults;
    expect(both.processes.events.find(({ seq }) => seq === first?.seq)).toMatchObject(
      rule.when.hop === undefined ? {} : { hop: rule.when.hop },
    );
  });

  test('that judges time differs, which is told with both chains', async () => {
    const { differences } = await checkBothWorlds({ ...short, checkers: [inNoTime] });
    expect(differences).toHaveLength(1);
    expect(differences[0]?.split('\n').slice(0, 2)).toEqual([
      'in-no-time holds in the simulated world, is violated between processes',
      '  between processes: g1/0 waited for block 0',
    ]);
    expect(differences[0]).toMatch(
      /\n {2}between processes:\n {4}VF miniport -> guest NDIS: NdisMReadConfigBlock block \d+/,
    );
  });

  test('that agrees about a fault which met no event shows nothing about it', async () => {
    const when = { hop: 'hostPacketSent', name: 'EJECTED' } as const;
    const both = await checkBothWorlds(short, { faults: [{ when, do: drop() }] });
    expect(both.differences).toEqual([]);
    expect(() => assertAgree(both)).toThrow('no event met the fault "drop: every EJECTED at host');
  });

  test('that says so may judge time', async () => {
    const both = await checkBothWorlds({
      ...short,
      checkers: [inNoTime],
      dependsOnRealTime: { why: 'a channel takes time', what: ['in-no-time'] },
    });
    assertAgree(both);
    expect(both.leftToRealTime).toEqual([
      expect.stringMatching(/^left to real time, since a channel takes time: in-no-time holds in/),
    ]);
  });
});
