import { describe, expect, test, vi } from 'vitest';
import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { drop, type FaultRule, hold } from '../faults/fault.ts';
import { FaultRuleError } from '../faults/fault-rule-error.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { ProcessWorldError } from './process-world-error.ts';
import ownDrivers from './scenarios/own-drivers.scenario.ts';

// Each starts processes, on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const PROCESSES = { world: 'processes' } as const;

const built = defineScenario({
  name: 'two guests',
  pf: 'reference',
  vf: 'reference',
  async run(world) {
    await world.attachGuest('g1');
    await world.attachGuest('g2');
  },
});

function mischief(what: string) {
  return { ...ownDrivers, vfConfiguration: new Map([['Mischief', what]]) };
}

describe('what is not possible between processes is refused before one is started:', () => {
  const pf = definePfMiniport(() => ({ miniportOidRequest: () => 0 }));

  test.each([
    [{ ...built, pf }, /^pf of the scenario "two guests" is a function of this process/],
    [{ ...ownDrivers, pf }, /name its file, as in `pf: new URL\('\.\/my-pf\.ts', import\.meta/],
    [
      {
        ...built,
        bus: () => ({ run: () => new Promise<never>(() => {}), stop() {}, abandon() {} }),
      },
      /^bus of the scenario .*`file: import\.meta\.url`$/,
    ],
  ])('a driver that no other process can be given', async (scenario, message) => {
    const refused = runScenario(scenario, PROCESSES);
    await expect(refused).rejects.toThrow(ProcessWorldError);
    await expect(refused).rejects.toThrow(message);
  });

  const hop = 'hostPacketSent' as const;
  const rules: readonly (readonly [FaultRule, RegExp])[] = [
    [
      { when: { hop, where: () => true }, do: drop() },
      /^drop: every event at hostPacketSent that a predicate picks: a predicate is a function/,
    ],
    [{ when: { hop }, do: hold({ where: () => true }) }, /^hold: .*a predicate is a function/],
    [{ when: { name: 'X', nth: 2 }, do: { verb: 'cut' } }, /nth needs a hop: each counts its own/],
    [
      { when: { hop: 'channelClosed', nth: 1 }, do: { verb: 'cut' } },
      /channelClosed cannot be counted: both sides report it$/,
    ],
    [{ when: { hop: 'blockMaskCached' }, do: drop() }, /^drop is not possible at blockMaskCached/],
  ];
  test.each(rules)('a rule that no other process can keep', async (rule, message) => {
    const refused = runScenario(built, { ...PROCESSES, faults: [rule] });
    await expect(refused).rejects.toThrow(FaultRuleError);
    await expect(refused).rejects.toThrow(message);
  });
});

describe('between processes', () => {
  test('a rule that counts the events of all guests is refused when there are two', async () => {
    const when = { hop: 'guestPacketSent', name: 'READ_BLOCK', nth: 9 } as const;
    const refused = runScenario(built, { ...PROCESSES, faults: [{ when, do: drop() }] });
    await expect(refused).rejects.toThrow(FaultRuleError);
    await expect(refused).rejects.toThrow(
      'drop: READ_BLOCK number 9 at guestPacketSent: between processes each guest counts its own events: name the device',
    );
  });

  test('a rule goes on counting in the next process of a guest, and one that met nothing is told', async () => {
    const when = { hop: 'guestPacketSent', name: 'BUS_RELATIONS' } as const;
    const twice = {
      ...built,
      async run(world: Parameters<typeof built.run>[0]) {
        await world.attachGuest('g1');
        await world.stopGuest('g1');
        await world.attachGuest('g1');
      },
    };
    const asked = {
      hop: 'guestPacketSent',
      name: 'QUERY_PROTOCOL_VERSION',
      device: 'g1/0',
    } as const;
    const run = await runScenario(twice, {
      ...PROCESSES,
      faults: [
        { when: { ...asked, nth: 2 }, do: { verb: 'delay', by: 1 } },
        { when: { ...when, nth: 3 }, do: drop() },
      ],
    });
    const sent = run.events.filter(({ hop, name }) => hop === asked.hop && name === asked.name);
    expect(run.faults.map(({ rule, seq }) => [rule, seq])).toEqual([[0, sent[1]?.seq]]);
    expect(run.unfired).toEqual(['drop: BUS_RELATIONS number 3 at guestPacketSent']);
  });

  test('nobody waits for longer than 10 seconds', async () => {
    const run = await runScenario({ ...built, run: (world) => world.advance('11s') }, PROCESSES);
    expect(run.failure).toBe(
      'advance(11s) is longer than 10 s, the longest that processes are left to run: simulate this scenario',
    );
  });

  test('drivers that are functions come from the file of their scenario', async () => {
    const run = await runScenario(ownDrivers, PROCESSES);
    expect([run.failure, run.leftovers]).toEqual([undefined, []]);
    expect(run.verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
    const reads = run.events.filter(({ hop }) => hop === 'ndisMReadConfigBlockReturn');
    expect(reads.map(({ data }) => data)).toEqual(['01020304']);
  });

  test('a file that has another scenario as its default is named', async () => {
    const pf = definePfMiniport(() => ({ miniportOidRequest: () => 0 }));
    const other = defineScenario({ ...ownDrivers, name: 'another one', pf });
    expect((await runScenario(other, PROCESSES)).failure).toMatch(
      /own-drivers\.scenario\.ts does not export the scenario "another one" as its default$/,
    );
  });

  test('a driver that ends its process, or throws where nobody catches it, fails the run', async () => {
    expect((await runScenario(mischief('exit'), PROCESSES)).failure).toMatch(
      /the process of g1 ended \(exit code 3\)/,
    );
    expect((await runScenario(mischief('stray'), PROCESSES)).failure).toMatch(
      /^g1: an error that nobody caught, most likely in a miniport: Error: nobody catches this\n/,
    );
  });
});
