import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay as delayOf } from '#shared/time/clock.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { delay, drop, duplicate, type FaultRule, throwInPlugIn } from '../faults/fault.ts';
import { type RunResult, runScenario } from '../scenario/run-scenario.ts';
import { judge } from '../search/outcome.ts';
import { createWorld } from './world.ts';

const TOLD = { hop: 'vfMiniportOidRequest', device: 'g1/0', nth: 1 } as const;
const READS = { hop: 'ioCallDriver', name: 'IOCTL_VPCI_READ_BLOCK', nth: 1 } as const;

/** A run in which the PF invalidates a block of each of two VFs, and `vf` drives both. */
async function run(vf: RecordingVf, ...faults: readonly FaultRule[]): Promise<RunResult> {
  const scenario = {
    name: 'two VFs are told',
    pf: new RecordingPf().factory,
    vf: vf.factory,
    async run(world: Parameters<Parameters<typeof runScenario>[0]['run']>[0]) {
      await world.attachGuest('g1');
      await world.attachGuest('g2');
      await world.invalidate(0, 2n);
      await world.invalidate(1, 2n);
      await world.advance('30s');
    },
  };
  const result = await runScenario(scenario, { faults });
  expect(result.unfired).toEqual([]);
  return result;
}

const reading = () =>
  new RecordingVf({
    async invalidated(vf) {
      await vf.read(5, 1);
    },
  });

describe('the verifier of a run with faults', () => {
  test.each([
    ['throws in the name of a miniport', { when: TOLD, do: throwInPlugIn() }],
    ['puts off its answer', { when: TOLD, do: delay('20s') }],
    ['keeps a call from it', { when: TOLD, do: drop() }],
    ['calls it twice', { when: TOLD, do: duplicate() }],
    ['puts off what it waits for', { when: READS, do: delay('20s') }],
    ['keeps from it what it waits for', { when: READS, do: drop() }],
  ] as const)('has no breach of a miniport where a fault %s', async (_what, fault) => {
    expect((await run(reading(), fault)).breaches).toEqual([]);
  });

  test('has the breach of the other miniport, which no fault explains, and the run is violated', async () => {
    const vf = new RecordingVf({
      async invalidated(own) {
        if (own !== vf.instances[0]) await delayOf(own.adapter.clock, 20_000);
      },
    });
    const result = await run(vf, { when: TOLD, do: delay('20s') });
    expect(result.breaches).toMatchObject([
      expect.stringMatching(
        /^VF miniport g2\/0 broke oid\.completed-in-time: .* \(events \d+, \d+, \d+\)$/,
      ),
    ]);
    expect(judge(result)).toMatchObject({
      outcome: 'violated',
      why: [expect.stringMatching(/^the verifier: VF miniport g2\/0 broke/)],
    });
  });

  test('has the breach of a miniport that a fault befell elsewhere', async () => {
    const vf = new RecordingVf({
      async halt(own) {
        delayOf(own.adapter.clock, 5).then(
          () => own.read(5, 1),
          () => {},
        );
      },
    });
    const result = await run(vf, { when: TOLD, do: throwInPlugIn() });
    expect(result.breaches.map((each) => each.split(':')[0])).toEqual(
      expect.arrayContaining([
        'VF miniport g1/0 broke halt.no-call',
        'VF miniport g2/0 broke halt.no-call',
      ]),
    );
  });
});

describe('a world with faults', () => {
  test('ends with an error for a breach that no fault explains, and reports the others', async () => {
    const pf = new RecordingPf();
    const faults = [{ when: TOLD, do: throwInPlugIn() }];
    const vf = new RecordingVf({
      initialize: async (own) => {
        await own.read(5, 1);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      halt: (own) => {
        own.adapter.clock.setTimer(5, () => void own.read(5, 1));
      },
    });
    const world = await createWorld({ pf: pf.factory, faults });
    await world.attachGuest(vf.factory);
    pf.invalidate(0, 2n);
    await world.settled();
    expect(world.reports.map(({ id }) => id)).toEqual(['driver.no-exception']);
    await expect(world.end()).rejects.toThrow('VF miniport g1/0 broke halt.no-call');
  });
});
