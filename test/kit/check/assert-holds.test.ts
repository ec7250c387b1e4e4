import { describe, expect, test } from 'vitest';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { cut, delay, drop, kill } from '../faults/fault.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { defineScenario } from '../scenario/scenario.ts';
import { createWorld } from '../world/world.ts';
import { assertHolds, RunError } from './assert-holds.ts';
import { type Checker, verdict } from './checker.ts';

const scenario = defineScenario({
  name: 'attach and detach',
  pf: 'reference',
  vf: 'reference',
  async run(world) {
    await world.attachGuest('g1');
    await world.stopGuest('g1');
  },
});

function checkerOf(id: string, holds: boolean | 'unknown', why: readonly string[] = []): Checker {
  return { id, rule: 'whatever it is', check: () => ({ id, holds, why, events: [] }) };
}

function messageOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RunError) return error.message;
    throw error;
  }
  return 'it holds';
}

describe('assertHolds', () => {
  test.each([
    [
      'a rule that did not hold',
      checkerOf('X', false, ['it broke', 'twice']),
      'X: it broke\nX: twice',
    ],
    ['one that does not say why', checkerOf('X', false), 'X: it did not hold'],
    ['one of which nobody can tell', checkerOf('X', 'unknown', ['too short']), 'X: too short'],
    ['one of which nobody can tell why', checkerOf('X', 'unknown'), 'X: nobody can tell'],
  ])('throws for %s', async (_what, checker, message) => {
    const result = await runScenario({ ...scenario, checkers: [checker] });
    expect(messageOf(() => assertHolds(result))).toBe(message);
    expect(messageOf(() => assertHolds(result.verdicts))).toBe(message);
  });

  test('throws for a fault that met no event', async () => {
    const faults = [{ when: { hop: 'hostPacketSent', name: 'NO_SUCH' }, do: delay(1) }] as const;
    const result = await runScenario(scenario, { faults });
    expect(messageOf(() => assertHolds(result))).toBe(
      'no event met the fault "delay: every NO_SUCH at hostPacketSent": the run shows nothing about it',
    );
  });

  test('throws for a scenario that did not come to its end, unless a fault kept it from that', async () => {
    const impatient = defineScenario({
      ...scenario,
      async run(world) {
        await world.attachGuest('g1');
        await world.until({ hop: 'vfMiniportHaltEx', device: 'g9/0' });
      },
    });
    const faults = [{ when: { hop: 'vfMiniportInitializeEx' }, do: cut() }] as const;
    expect(messageOf(() => assertHolds([]))).toBe('it holds');
    expect((await runScenario(impatient, { faults })).failure).toBeDefined();
    assertHolds(await runScenario(impatient, { faults }));
    const result = await runScenario(impatient);
    expect(messageOf(() => assertHolds(result))).toMatch(
      /^the scenario: this did not come about: /,
    );
  });

  test('says nothing of a run in which every rule held', async () => {
    const faults = [{ when: { hop: 'vfMiniportHaltEx' }, do: delay(1) }] as const;
    assertHolds(await runScenario(scenario, { faults }));
  });
});

describe('a world', () => {
  test('that ends with a fault that met nothing says which', async () => {
    const faults = [{ when: { hop: 'hostPacketSent', name: 'NO_SUCH' }, do: drop() }] as const;
    const world = await createWorld({ pf: new RecordingPf().factory, faults });
    await expect(world.end()).rejects.toThrow('no event met the fault "drop: every NO_SUCH');
  });

  test('is held to every invariant, and to the checkers of a test', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    await world.attachGuest(new RecordingVf().factory);
    pf.invalidate(0, 8n);
    await world.settled();
    expect(world.check().filter(({ holds }) => holds !== true)).toMatchObject([
      { id: 'I10', holds: 'unknown' },
    ]);
    await world.end();
    assertHolds(world.check());
    const own: Checker = {
      id: 'no-masks',
      rule: 'No VF is told anything.',
      check: ({ history }) =>
        verdict(
          'no-masks',
          history.deliveries.map(({ event }) => ({ why: event.name, events: [event.seq] })),
        ),
    };
    const last = world.check(own).at(-1);
    expect(last).toMatchObject({
      id: 'no-masks',
      holds: false,
      why: ['OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK'],
    });
    // One with the id of an invariant takes its place.
    const ids = world.check(checkerOf('I5', true)).map(({ id }) => id);
    expect(ids).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10']);
  });

  test('tells a fault that ends a guest from one that ends nothing', async () => {
    const faults = [{ when: { hop: 'blockMaskCached' }, do: kill('guest') }] as const;
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, faults });
    await world.attachGuest(new RecordingVf().factory);
    pf.invalidate(0, 8n);
    await world.end();
    assertHolds(world.check());
  });
});
