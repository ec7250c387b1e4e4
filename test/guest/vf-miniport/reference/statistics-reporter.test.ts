import { describe, expect, test } from 'vitest';
import { createReferenceVf, type ReadCounters } from '#guest/vf-miniport/reference/index.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import {
  decodeInterfaceStatistics,
  type InterfaceCounters,
} from '#shared/reference-nic/interface-statistics.ts';
import { turn } from '#test/kit/world/turn.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';
import { VfUnderTest } from './vf-under-test.ts';

const COUNTERS: InterfaceCounters = {
  rxBytes: 1n,
  rxPackets: 2n,
  rxErrors: 3n,
  rxDrops: 4n,
  txBytes: 5n,
  txPackets: 6n,
  txErrors: 7n,
  txDrops: 8n,
};

/** A started VF with this interval. */
async function started(interval: string | undefined, readCounters: ReadCounters) {
  const keywords = interval === undefined ? {} : { StatisticsIntervalMs: interval };
  const vf = new VfUnderTest(createReferenceVf({ readCounters }), keywords);
  await vf.initialize();
  return vf;
}

/** The reports that the VF has written. */
function reports(vf: VfUnderTest) {
  return vf.pf.writes
    .filter(({ blockId }) => blockId === 17)
    .map(({ data }) => decodeInterfaceStatistics(data));
}

describe('the statistics of the reference VF', () => {
  test('are not reported with an interval of 0', async () => {
    const vf = await started('0', async () => COUNTERS);
    await vf.clock.advance(1_000_000);
    expect(vf.pf.writes).toEqual([]);
  });

  test('that the PF refuses are logged, and the next are reported all the same', async () => {
    const vf = await started('100', async () => COUNTERS);
    vf.pf.answerWrite = () => NDIS_STATUS.NDIS_STATUS_FAILURE;
    await vf.clock.advance(0);
    vf.pf.answerWrite = () => NDIS_STATUS.NDIS_STATUS_SUCCESS;
    await vf.clock.advance(100);
    expect(vf.logged.lines.slice(2)).toEqual([
      {
        level: 'warn',
        msg: 'statistics report failed',
        sequence: 1,
        status: 'NDIS_STATUS_FAILURE',
      },
      { level: 'debug', msg: 'statistics reported', sequence: 2, source: 'machine' },
    ]);
  });

  test('that cannot be read are logged, and read again', async () => {
    let fails = true;
    const vf = await started('100', async () => {
      if (fails) throw new Error('no counters');
      return COUNTERS;
    });
    await vf.clock.advance(0);
    expect(vf.logged.lines.at(-1)).toMatchObject({
      level: 'warn',
      msg: 'statistics report failed',
      err: { message: 'no counters' },
    });
    fails = false;
    await vf.clock.advance(100);
    expect(reports(vf)).toHaveLength(1);
  });

  test('are reported after the start, and then every 10 s', async () => {
    const vf = await started(undefined, async () => COUNTERS);
    expect(vf.pf.writes).toEqual([]);
    await vf.clock.advance(0);
    expect(reports(vf)).toEqual([
      { sequence: 1, source: 'machine', interval: 10_000, counters: COUNTERS },
    ]);
    await vf.clock.advance(9999);
    expect(reports(vf)).toHaveLength(1);
    await vf.clock.advance(1);
    expect(reports(vf).at(-1)).toMatchObject({ sequence: 2 });
    await vf.clock.advance(30_000);
    expect(reports(vf)).toHaveLength(5);
  });

  test('are those of the moment', async () => {
    let rxBytes = 0n;
    const vf = await started('100', async () => ({ ...COUNTERS, rxBytes: ++rxBytes }));
    await vf.clock.advance(200);
    expect(reports(vf).map((report) => report?.counters.rxBytes)).toEqual([1n, 2n, 3n]);
  });

  test("are the channel's where the machine shows none", async () => {
    const vf = await started('100', async () => undefined);
    vf.busStatistics = { framesSent: 10, framesReceived: 20, bytesSent: 30, bytesReceived: 40 };
    await vf.clock.advance(0);
    expect(reports(vf)).toEqual([
      {
        sequence: 1,
        source: 'channel',
        interval: 100,
        counters: {
          rxBytes: 40n,
          rxPackets: 20n,
          rxErrors: 0n,
          rxDrops: 0n,
          txBytes: 30n,
          txPackets: 10n,
          txErrors: 0n,
          txDrops: 0n,
        },
      },
    ]);
  });

  test('wait for the report before them, however long it takes', async () => {
    const vf = await started('100', async () => COUNTERS);
    const answer = deferred<NdisStatus>();
    vf.pf.answerWrite = () => answer.promise;
    await vf.clock.advance(10_000);
    expect(reports(vf)).toHaveLength(1);
    vf.pf.answerWrite = () => NDIS_STATUS.NDIS_STATUS_SUCCESS;
    answer.resolve(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    await vf.clock.advance(0);
    await vf.clock.advance(100);
    expect(reports(vf)).toHaveLength(2);
  });

  test('that are still being read at a halt are not reported', async () => {
    const counters = deferred<InterfaceCounters>();
    const vf = await started('100', () => counters.promise);
    await vf.clock.advance(0);
    const halt = vf.halt();
    counters.resolve(COUNTERS);
    await halt;
    expect(vf.pf.writes).toEqual([]);
  });

  test('end with a halt, which waits for the report under way', async () => {
    const vf = await started('100', async () => COUNTERS);
    const answer = deferred<NdisStatus>();
    vf.pf.answerWrite = () => answer.promise;
    await vf.clock.advance(0);
    let halted = false;
    const halt = vf.halt().then(() => {
      halted = true;
    });
    await turn();
    expect(halted).toBe(false);
    answer.resolve(NDIS_STATUS.NDIS_STATUS_FAILURE);
    await halt;
    expect(vf.clock.timers).toBe(0);
    expect(vf.logged.with('statistics report failed')).toEqual([]);
  });
});
