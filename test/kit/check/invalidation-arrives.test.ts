import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay as delayOf } from '#shared/time/clock.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { delay, drop, type FaultRule, hold, replyWith } from '../faults/fault.ts';
import { type RunOptions, runScenario } from '../scenario/run-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ScenarioWorld } from '../scenario/scenario-world.ts';
import { createWorld } from '../world/world.ts';
import type { Verdict } from './checker.ts';

const NOTIFICATION = { hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK', nth: 1 } as const;
const ARMED_AGAIN = { hop: 'ioCallDriver', name: 'IOCTL_VPCI_INVALIDATE_BLOCK', nth: 2 } as const;
const DROPPED: readonly FaultRule[] = [{ when: NOTIFICATION, do: drop() }];

/** What I3 says of a run in which the PF invalidates block 1, and whatever `then` does. */
async function judged(
  options: RunOptions,
  then: (world: ScenarioWorld) => Promise<void> | void = () => {},
  vf: Scenario['vf'] = new RecordingVf().factory,
): Promise<Verdict> {
  const { verdicts, unfired, failure } = await runScenario(
    {
      name: 'the PF invalidates a block',
      pf: new RecordingPf().factory,
      vf,
      async run(world) {
        await world.attachGuest('g1', { retry: false });
        await world.invalidate(0, 2n);
        await then(world);
      },
    },
    options,
  );
  expect([unfired, failure]).toEqual([[], undefined]);
  return verdicts.find(({ id }) => id === 'I3') as Verdict;
}

describe('I3, as of the end of the scenario', () => {
  test('blames a notification that was dropped on the way to a VF that lived, with what was seen of it', async () => {
    const verdict = await judged({ faults: DROPPED });
    expect(verdict).toMatchObject({
      holds: false,
      why: [
        expect.stringMatching(
          /^VF 0 \(g1\/0\) was never told of 0x2 after NdisMInvalidateConfigBlock .*: the last that was seen of it is INVALIDATE_BLOCK with mask 0x2 \(event \d+, 0 ms\), where a fault dropped it, and the VF lived until the scenario ended after event \d+$/,
        ),
      ],
    });
    // NdisMInvalidateConfigBlock, the cached mask, and the packet.
    expect(verdict.events).toHaveLength(3);
  });

  test.each([
    ['ejected', (world: ScenarioWorld) => world.ejectVf(0)],
    ['stopped', (world: ScenarioWorld) => world.stopGuest('g1')],
    ['dead', (world: ScenarioWorld) => world.killGuest('g1')],
    ['without a channel', (world: ScenarioWorld) => world.cut('g1/0')],
  ])('blames nobody when the VF is %s meanwhile', async (_how, end) => {
    const then = async (world: ScenarioWorld) => {
      await end(world);
      await world.settle();
    };
    expect(await judged({ faults: DROPPED }, then)).toMatchObject({ holds: true });
  });

  test('is kept by a later mask with the same bit, and not by one with another', async () => {
    const again = (mask: bigint) => (world: ScenarioWorld) => world.invalidate(0, mask);
    expect(await judged({ faults: DROPPED }, again(2n))).toMatchObject({ holds: true });
    expect(await judged({ faults: DROPPED }, again(4n))).toMatchObject({ holds: false });
  });

  test.each([
    ['it takes its time on the channel', { seed: 1, latency: '600ms' }],
    ['a fault has delayed it', { faults: [{ when: NOTIFICATION, do: delay('20s') }] }],
    [
      'a fault holds it',
      { faults: [{ when: NOTIFICATION, do: hold({ hop: 'vfMiniportHaltEx' }) }] },
    ],
  ] as const)(
    'says nothing against a mask that is on its way because %s',
    async (_why, options) => {
      expect(await judged(options)).toMatchObject({ holds: true });
    },
  );

  test('cannot tell of a mask that a driver does not take because it holds the last one', async () => {
    const vf = new RecordingVf({ invalidated: (own) => delayOf(own.adapter.clock, 5_000) });
    const again = (world: ScenarioWorld) => world.invalidate(0, 4n);
    expect(await judged({}, again, vf.factory)).toMatchObject({
      holds: 'unknown',
      why: [
        expect.stringMatching(
          /never told of 0x4 .*: its driver had not completed OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK/,
        ),
      ],
    });
  });

  test('cannot tell of one for which a fault has refused every IOCTL; when it refuses one, NDIS issues the next', async () => {
    const refuse = replyWith({ status: NDIS_STATUS.NDIS_STATUS_FAILURE });
    const { nth: _nth, ...always } = ARMED_AGAIN;
    expect(await judged({ faults: [{ when: always, do: refuse }] })).toMatchObject({
      holds: 'unknown',
      why: [expect.stringMatching(/a fault befell IOCTL_VPCI_INVALIDATE_BLOCK/)],
    });
    const again = (world: ScenarioWorld) => world.invalidate(0, 4n);
    const once = [{ when: ARMED_AGAIN, do: refuse }];
    expect(await judged({ faults: once }, again)).toMatchObject({ holds: true });
  });

  test('goes the same way twice, also when time has to pass until all masks have come', async () => {
    const scenario = {
      name: 'a mask that takes its time',
      pf: 'reference',
      vf: 'reference',
      async run(world: ScenarioWorld) {
        await world.attachGuest('g1');
        await world.invalidate(0, 2n);
      },
    } as const;
    const [first, second] = [
      await runScenario(scenario, { seed: 3, latency: '50ms' }),
      await runScenario(scenario, { seed: 3, latency: '50ms' }),
    ];
    expect(first.hash).toBe(second.hash);
    const told = first.events.findLast(({ name }) => name.startsWith('OID_SRIOV_VF_INVALIDATE'));
    expect(told?.seq).toBeLessThanOrEqual(first.end ?? 0);
  });
});

describe('I3 in a world', () => {
  test('asks for no mask of a VF that sleeps, and for that mask once it has woken', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const guest = await world.attachGuest(new RecordingVf().factory);
    await guest.os.suspend();
    pf.invalidate(0, 2n);
    await world.delivered();
    expect(i3(world.check())).toMatchObject({ holds: true });
    await guest.os.resume();
    await world.end();
    expect(i3(world.check())).toMatchObject({ holds: true });
    expect(world.eventsOf('vfMiniportOidRequest').at(-1)).toMatchObject({ note: undefined });
    const told = world.eventsOf('vfMiniportOidRequest').filter(({ mask }) => mask !== undefined);
    expect(told).toHaveLength(1);
  });

  test('asks for no mask that a reset has dropped, which the trace shows', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, maskOnReset: 'drop' });
    const guest = await world.attachGuest(new RecordingVf().factory);
    guest.link.host.congest();
    pf.invalidate(0, 2n);
    await world.host.resetVf(0);
    guest.link.host.drain();
    await world.end();
    expect(world.eventsOf('blockMaskDropped')).toMatchObject([
      {
        device: 'g1/0',
        vfId: 0,
        mask: '0x0000000000000002',
        note: 'OID_SRIOV_RESET_VF has reset the VF',
      },
    ]);
    expect(i3(world.check())).toMatchObject({ holds: true });
  });

  test('blames a stack that keeps a mask to itself, though the channel would take it', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const guest = await world.attachGuest(new RecordingVf().factory);
    // A stack that is never told that the channel has room again.
    guest.link.host.congest();
    pf.invalidate(0, 2n);
    await world.end();
    expect(i3(world.check())).toMatchObject({
      holds: false,
      why: [
        expect.stringMatching(/BlockMask with mask 0x2 .*, where the virtualization stack ORs/),
      ],
    });
  });

  test('blames a channel that lost the notification, as what came later shows', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const world = await createWorld({ pf: pf.factory });
    const guest = await world.attachGuest(vf.factory);
    guest.link.host.drop(({ message }) => message.type === 'INVALIDATE_BLOCK');
    pf.invalidate(0, 2n);
    await world.settled();
    expect(i3(world.check())).toMatchObject({ holds: true });
    await vf.current.read(5, 1);
    await world.end();
    expect(i3(world.check())).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/the last that was seen of it is INVALIDATE_BLOCK/)],
    });
  });
});

function i3(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.find(({ id }) => id === 'I3');
}
