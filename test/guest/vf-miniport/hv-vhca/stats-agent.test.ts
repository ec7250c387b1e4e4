import { describe, expect, test } from 'vitest';
import { ndisDevice } from '#guest/vf-miniport/hv-vhca/ndis-device.ts';
import { StatsAgent } from '#guest/vf-miniport/hv-vhca/stats-agent.ts';
import type { ReadCounters } from '#guest/vf-miniport/machine-counters.ts';
import { decodeRingStatistics } from '#shared/hv-vhca/ring-statistics.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { InterfaceCounters } from '#shared/reference-nic/interface-statistics.ts';
import type { Clock } from '#shared/time/clock.ts';
import { turn } from '#test/kit/world/turn.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';
import { allCounters, CommandedVf } from './commanded-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;
const ONCE = 0xffff;
const FAILED = 'hv_vhca report failed, none until the next command';

/** A clock on which no time passes until a timer fires. */
const instantClock: Clock = {
  now: () => 0,
  setTimer(_, fire) {
    queueMicrotask(fire);
    return { cancel: () => {} };
  },
};

/** The sequence and the index of each fragment. */
function fragments(vf: CommandedVf): (readonly [number | undefined, number | undefined])[] {
  return vf.pf.fragments.map((fragment) => [fragment?.sequence, fragment?.offset]);
}

/** Has every write of a fragment with this index fail. */
function failFragment(vf: CommandedVf, index: number): void {
  vf.pf.answerWrite = ({ blockId, data }) =>
    blockId === 1 && data[2] === index ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS;
}

/** Leaves the next write of a fragment unanswered. */
function holdFragment(vf: CommandedVf) {
  const answer = deferred<NdisStatus>();
  let held = false;
  vf.pf.answerWrite = ({ blockId }) => {
    if (blockId !== 1 || held) return NDIS_STATUS_SUCCESS;
    held = true;
    return answer.promise;
  };
  return answer;
}

describe('the commands of the statistics', () => {
  test('are none at the start, and nothing is reported', async () => {
    const vf = await CommandedVf.start();
    await vf.clock.advance(10_000_000);
    expect(vf.pf.writes).toEqual([]);
  });

  test('once has one report made, after the acknowledgement [vhca.commands]', async () => {
    const vf = await CommandedVf.start();
    await vf.command(ONCE);
    await vf.clock.advance(10_000_000);
    expect(vf.pf.writes.map(({ blockId }) => blockId)).toEqual([0, 1]);
    expect(vf.clock.timers).toBe(0);
  });

  test.each([
    [1, 100],
    [10, 1000],
    [65_534, 6_553_400],
  ])(
    '%d has a report made every %d ms, the first after that time [vhca.commands]',
    async (command, period) => {
      const vf = await CommandedVf.start();
      await vf.command(command);
      await vf.clock.advance(period - 1);
      expect(vf.pf.fragments).toHaveLength(0);
      await vf.clock.advance(1);
      expect(vf.pf.fragments).toHaveLength(1);
      await vf.clock.advance(3 * period);
      expect(fragments(vf)).toEqual([
        [0, 0],
        [1, 0],
        [2, 0],
        [3, 0],
      ]);
    },
  );

  test('stop ends the reports, and is acknowledged [vhca.commands]', async () => {
    const vf = await CommandedVf.start();
    await vf.command(10);
    await vf.command(0);
    await vf.clock.advance(10_000);
    expect(vf.pf.fragments).toEqual([]);
    expect(vf.clock.timers).toBe(0);
    expect(vf.pf.controls.at(-1)).toMatchObject({ commandAck: 0, version: 1, rings: 2 });
  });

  test('of a period take the place of the one before', async () => {
    const vf = await CommandedVf.start();
    await vf.command(10);
    await vf.clock.advance(900);
    await vf.command(20);
    await vf.clock.advance(1999);
    expect(vf.pf.fragments).toHaveLength(0);
    await vf.clock.advance(1);
    expect(vf.pf.fragments).toHaveLength(1);
    expect(vf.clock.timers).toBe(1);
  });

  test('with zero rings are acknowledged, and nothing is reported', async () => {
    const vf = await CommandedVf.start({ Rings: '0' });
    await vf.command(ONCE);
    await vf.command(10);
    await vf.clock.advance(10_000);
    expect(vf.pf.controls).toMatchObject([
      { commandAck: ONCE, version: 1, rings: 0 },
      { commandAck: 10, version: 1, rings: 0 },
    ]);
    expect(vf.pf.fragments).toEqual([]);
    expect(vf.clock.timers).toBe(0);
  });

  test('are acknowledged while the PF does not complete a fragment [vhca.stop-does-not-wait]', async () => {
    const vf = await CommandedVf.start();
    await vf.command(ONCE);
    holdFragment(vf);
    await vf.clock.advance(0);
    await vf.command(0);
    await vf.command(10);
    expect(vf.pf.controls.map((block) => block?.commandAck)).toEqual([ONCE, 0, 10]);
  });
});

describe('a report', () => {
  test('that cannot be read ends the reports until the next command', async () => {
    let fails = true;
    const vf = await CommandedVf.start({}, async () => {
      if (fails) throw new Error('no counters');
      return allCounters(1n);
    });
    await vf.command(10);
    await vf.clock.advance(10_000);
    expect(vf.logged.with(FAILED)).toMatchObject([
      { level: 'warn', err: { message: 'no counters' } },
    ]);
    fails = false;
    await vf.command(10);
    await vf.clock.advance(1000);
    expect(fragments(vf)).toEqual([[0, 0]]);
  });

  test('of which a fragment fails ends the reports until the next command [vhca.failed-report]', async () => {
    const vf = await CommandedVf.start({ Rings: '8' });
    failFragment(vf, 1);
    await vf.command(10);
    await vf.clock.advance(60_000);
    expect(fragments(vf)).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(vf.logged.with(FAILED)).toEqual([
      { level: 'warn', msg: FAILED, sequence: 0, offset: 1, status: 'NDIS_STATUS_FAILURE' },
    ]);
    expect(vf.clock.timers).toBe(0);
  });

  test('after one of which a fragment failed has its sequence again [vhca.sequence]', async () => {
    const vf = await CommandedVf.start({ Rings: '8' });
    await vf.command(ONCE);
    await vf.clock.advance(0);
    failFragment(vf, 2);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    failFragment(vf, 9);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    expect(fragments(vf).map(([sequence]) => sequence)).toEqual([
      0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2,
    ]);
  });

  test('is the counters of the moment, split over the rings', async () => {
    let total = 0n;
    const vf = await CommandedVf.start({ Rings: '2' }, async () => {
      total += 3n;
      return { ...allCounters(total), rxPackets: 10n, txBytes: 0xffff_ffff_ffff_ffffn };
    });
    await vf.command(1);
    await vf.clock.advance(200);
    const reports = vf.pf.fragments.map((fragment) =>
      decodeRingStatistics(fragment?.data.subarray(0, 64) ?? new Uint8Array()),
    );
    const [half, rest] = [0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn];
    expect(reports).toEqual([
      [
        { rxPackets: 5n, rxBytes: 2n, txPackets: 2n, txBytes: half },
        { rxPackets: 5n, rxBytes: 1n, txPackets: 1n, txBytes: rest },
      ],
      [
        { rxPackets: 5n, rxBytes: 3n, txPackets: 3n, txBytes: half },
        { rxPackets: 5n, rxBytes: 3n, txPackets: 3n, txBytes: rest },
      ],
    ]);
  });

  test('of a machine without counters has those of the channel', async () => {
    const vf = await CommandedVf.start({ Rings: '1' }, async () => undefined);
    vf.busStatistics = { framesSent: 10, framesReceived: 20, bytesSent: 30, bytesReceived: 40 };
    await vf.command(ONCE);
    await vf.clock.advance(0);
    const [fragment] = vf.pf.fragments;
    expect(decodeRingStatistics(fragment?.data.subarray(0, 32) ?? new Uint8Array())).toEqual([
      { rxPackets: 20n, rxBytes: 40n, txPackets: 10n, txBytes: 30n },
    ]);
  });

  test('waits for the fragment before, however long the PF takes', async () => {
    const vf = await CommandedVf.start({ Rings: '4' });
    const answer = holdFragment(vf);
    await vf.command(1);
    await vf.clock.advance(10_000);
    expect(fragments(vf)).toEqual([[0, 0]]);
    answer.resolve(NDIS_STATUS_SUCCESS);
    await turn();
    await vf.clock.advance(100);
    expect(fragments(vf)).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
  });

  test('is not continued after another command, whose report has its sequence', async () => {
    const vf = await CommandedVf.start({ Rings: '8' });
    const answer = holdFragment(vf);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    await vf.command(0);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    expect(fragments(vf)).toEqual([[0, 0]]);
    answer.resolve(NDIS_STATUS_SUCCESS);
    await turn();
    expect(fragments(vf)).toEqual([
      [0, 0],
      [0, 0],
      [0, 1],
      [0, 2],
    ]);
  });

  test('whose last fragment is written although another command came has had its sequence', async () => {
    const vf = await CommandedVf.start({ Rings: '1' });
    const answer = holdFragment(vf);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    answer.resolve(NDIS_STATUS_SUCCESS);
    await turn();
    expect(fragments(vf)).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  test('of all that commands had asked for meanwhile is made once', async () => {
    const vf = await CommandedVf.start({ Rings: '1' });
    const answer = holdFragment(vf);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    for (let command = 0; command < 100; command++) {
      await vf.command(ONCE);
      await vf.clock.advance(0);
    }
    answer.resolve(NDIS_STATUS_SUCCESS);
    await turn();
    expect(vf.pf.fragments).toHaveLength(2);
  });

  test('is dropped when a stop comes while its counters are read', async () => {
    const counters = deferred<InterfaceCounters>();
    const readCounters: ReadCounters = () => counters.promise;
    const vf = await CommandedVf.start({}, readCounters);
    await vf.command(ONCE);
    await vf.clock.advance(0);
    await vf.command(0);
    counters.resolve(allCounters(1n));
    await turn();
    expect(vf.pf.fragments).toEqual([]);
  });

  test('after that of sequence 65535 has sequence 0 [vhca.sequence]', async () => {
    const { adapter, pf } = new CommandedVf();
    const device = ndisDevice({ ...adapter, clock: instantClock });
    const agent = new StatsAgent(device, 1, async () => undefined);
    const ended = new Promise<void>((resolve) => {
      pf.answerWrite = () => {
        if (pf.writes.length === 65_537) resolve(agent.stop());
        return NDIS_STATUS_SUCCESS;
      };
    });
    agent.control(1);
    await ended;
    const sequences = pf.fragments.map((fragment) => fragment?.sequence);
    expect(sequences.slice(0, 2)).toEqual([0, 1]);
    expect(sequences.slice(-3)).toEqual([65_534, 65_535, 0]);
  });
});
