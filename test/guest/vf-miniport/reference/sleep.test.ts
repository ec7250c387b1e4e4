import { describe, expect, test } from 'vitest';
import { createReferenceVf } from '#guest/vf-miniport/reference/index.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { turn } from '#test/kit/world/turn.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';
import { ScriptedPf, VfUnderTest } from './vf-under-test.ts';

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;
const D0 = 1;
const D3 = 4;

async function started(interval: string): Promise<VfUnderTest> {
  const factory = createReferenceVf({ readCounters: async () => undefined });
  const vf = new VfUnderTest(factory, { StatisticsIntervalMs: interval }, new ScriptedPf());
  await vf.initialize();
  await vf.clock.advance(0);
  return vf;
}

describe('the reference VF of a guest that sleeps', () => {
  test('writes nothing and has no timer, and reports again as soon as it wakes', async () => {
    const vf = await started('100');
    expect(vf.pf.writes).toHaveLength(1);
    expect(await vf.setPower(D3)).toBe(NDIS_STATUS_SUCCESS);
    expect(vf.clock.timers).toBe(0);
    await vf.clock.advance(10_000);
    expect(vf.pf.writes).toHaveLength(1);
    expect(await vf.setPower(D0)).toBe(NDIS_STATUS_SUCCESS);
    await vf.clock.advance(100);
    expect(vf.pf.writes).toHaveLength(3);
    await vf.halt();
    expect(vf.clock.timers).toBe(0);
  });

  test('does not wake once it was halted, when NDIS has given the request up and it is done late', async () => {
    const vf = await started('100');
    await vf.setPower(D3);
    await vf.halt();
    expect(await vf.setPower(D0)).toBe(NDIS_STATUS_SUCCESS);
    await vf.clock.advance(1_000);
    expect(vf.clock.timers).toBe(0);
    expect(vf.pf.writes).toHaveLength(1);
  });

  test('falls asleep and wakes while a report is under way, and still sends one at a time', async () => {
    const vf = await started('100');
    const answer = deferred<NdisStatus>();
    vf.pf.answerWrite = () => answer.promise;
    await vf.clock.advance(100);
    expect(vf.pf.writes).toHaveLength(2);
    await vf.setPower(D3);
    await vf.setPower(D0);
    await vf.clock.advance(1_000);
    expect(vf.pf.writes).toHaveLength(2);
    answer.resolve(NDIS_STATUS_SUCCESS);
    await vf.clock.advance(0);
    expect(vf.pf.writes).toHaveLength(3);
    await vf.clock.advance(99);
    expect(vf.pf.writes).toHaveLength(3);
    expect(vf.clock.timers).toBe(1);
    await vf.halt();
  });

  test('reads a configuration that it could not read when it wakes, and not before', async () => {
    const vf = await started('0');
    vf.pf.blocks.clear();
    await vf.invalidate(0);
    expect(vf.clock.timers).toBe(1);
    await vf.setPower(D3);
    expect(vf.clock.timers).toBe(0);
    vf.pf.configure([2, 2, 2], { mtu: 9000 });
    vf.pf.reads.length = 0;
    await vf.clock.advance(60_000);
    expect(vf.pf.reads).toEqual([]);
    await vf.setPower(D0);
    await turn();
    expect(vf.logged.lines.at(-1)).toMatchObject({ msg: 'configuration applied', mtu: 9000 });
    expect(vf.clock.timers).toBe(0);
  });
});
