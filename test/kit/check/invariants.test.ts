import { beforeAll, describe, expect, test } from 'vitest';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { defineScenario } from '../scenario/scenario.ts';
import type { Verdict } from './checker.ts';
import { historyOf } from './history.ts';
import { invariants } from './index.ts';

const scenario = defineScenario({
  name: 'two guests, an invalidation each, detach',
  pf: 'reference',
  vf: 'reference',
  async run(world) {
    await world.attachGuest('g1');
    await world.attachGuest('g2');
    await world.invalidate(0, 2n);
    await world.invalidate(1, 2n);
    await world.stopGuest('g1');
    await world.stopGuest('g2');
  },
});

let good: readonly TraceEvent[] = [];

beforeAll(async () => {
  good = (await runScenario(scenario)).events;
});

/** The last byte of the data stands for the version of a block. */
const versionOf = (_blockId: number, data: Uint8Array): number | undefined => data.at(-1);

function check(events: readonly TraceEvent[], id: string, end?: number): Verdict | undefined {
  const run = { events, faults: [], history: historyOf(events), end };
  return invariants(versionOf)
    .map((checker) => checker.check(run))
    .find((verdict) => verdict.id === id);
}

type Change = (event: TraceEvent) => Partial<TraceEvent> | undefined;

/** The good run with the first event changed that `change` says something of. */
function spoilt(change: Change): readonly TraceEvent[] {
  let done = false;
  const events = good.map((event) => {
    const changed = done ? undefined : change(event);
    if (changed !== undefined) done = true;
    return changed === undefined ? event : { ...event, ...changed };
  });
  expect(done).toBe(true);
  return events;
}

/** The good run with one more event at its end. */
function prolonged(pick: (event: TraceEvent) => boolean, change: Partial<TraceEvent> = {}) {
  const event = good.find(pick);
  if (event === undefined) throw new Error('the good run has no such event');
  return [...good, { ...event, seq: (good.at(-1)?.seq ?? 0) + 1, ...change }];
}

const without = (drop: (event: TraceEvent) => boolean) => good.filter((event) => !drop(event));

describe('the invariants', () => {
  test('all hold in a run that nothing befell', () => {
    const run = { events: good, faults: [], history: historyOf(good), leftovers: [] };
    const verdicts = invariants().map((checker) => checker.check(run));
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
    expect(verdicts.map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, index) => `I${index + 1}`),
    );
  });

  test('I1 finds a request that never returns, and one that returns twice', () => {
    const returns = ({ hop }: TraceEvent) => hop === 'ndisMReadConfigBlockReturn';
    expect(check(without(returns), 'I1')).toMatchObject({
      holds: false,
      why: expect.arrayContaining([expect.stringMatching(/block 0 .* was never completed$/)]),
    });
    expect(check(prolonged(returns), 'I1')).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/was completed 2 times, at events \d+ and \d+$/)],
    });
  });

  test('I2 finds data that the PF did not answer with', () => {
    const events = spoilt(({ hop, data }) =>
      hop === 'ndisMReadConfigBlockReturn' && data !== undefined ? { data: 'ff' } : undefined,
    );
    expect(check(events, 'I2')).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/returned ff at event \d+, and the PF had answered/)],
    });
  });

  test('I3 finds a VF that was not told of a block', () => {
    const isTold = ({ hop, mask, device }: TraceEvent) =>
      hop === 'vfMiniportOidRequest' && mask !== undefined && device === 'g2/0';
    const told = good.findLast(isTold);
    const events = without((event) => event === told);
    expect(check(events, 'I3')).toMatchObject({ holds: true });
    // As of then the VF has not ended yet.
    expect(check(events, 'I3', told?.seq)).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/^VF 1 \(g2\/0\) was never told of 0x2 after NdisMInvalidate/)],
    });
  });

  test('I4 finds a bit that the PF has not set', () => {
    const events = spoilt(({ hop, mask }) =>
      hop === 'vfMiniportOidRequest' && mask !== undefined
        ? { mask: '0x0000000000000006' }
        : undefined,
    );
    expect(check(events, 'I4')).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/was told of bit 2 in 0x6/)],
    });
  });

  test('I5 finds a version older than the PF had, and one that was kept too long', () => {
    const reads = good.filter(
      ({ hop, device, blockId }) =>
        hop === 'ndisMReadConfigBlockReturn' && device === 'g1/0' && blockId === 1,
    );
    expect(reads.length).toBeGreaterThan(1);
    const isAnswer = ({ hop, data }: TraceEvent) =>
      hop === 'pfMiniportOidRequestComplete' && data !== undefined;
    const versioned = good.map((event) => {
      if (event.data === undefined || event.blockId !== 1) return event;
      return { ...event, data: event.seq < (reads.at(-1)?.seq ?? 0) - 12 ? '07' : '06' };
    });
    expect(check(versioned, 'I5')).toMatchObject({
      holds: false,
      why: expect.arrayContaining([
        expect.stringMatching(
          /read version 6 after mask 0x2 was delivered .* the PF had version 7/,
        ),
      ]),
    });
    const last = good.findLast((event) => isAnswer(event) && event.device === 'g1/0');
    const grown = good.map((event) => {
      if (event.data === undefined) return event;
      return { ...event, data: event.seq === last?.seq ? '09' : '08' };
    });
    expect(check(grown, 'I5')).toMatchObject({
      holds: false,
      why: expect.arrayContaining([expect.stringMatching(/kept version 8 of block \d+/)]),
    });
  });

  test('I6 finds a read that returned more than was asked for', () => {
    const events = spoilt(({ hop, status }) =>
      hop === 'ndisMReadConfigBlockReturn' && status === 0 ? { length: 129 } : undefined,
    );
    expect(check(events, 'I6')).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/asked for \d+ bytes and got 129/)],
    });
  });

  test('I7 finds a request that reached the PF under the VFId of another', () => {
    const events = spoilt(({ hop, device, name }) =>
      hop === 'pfMiniportOidRequest' && device === 'g2/0' && name.includes('READ_VF_CONFIG_BLOCK')
        ? { vfId: 0 }
        : undefined,
    );
    expect(check(events, 'I7')).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/of g2\/0 is for VF 0, and g2\/0 is VF 1$/)],
    });
  });

  test('I8 finds what reached a VF that was halted, and a PF for a VF that was freed', () => {
    const isOid = ({ hop }: TraceEvent) => hop === 'vfMiniportOidRequest';
    expect(check(prolonged(isOid), 'I8')).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/reached g1\/0 after that instance was halted at event \d+/)],
    });
  });

  test('I9 finds a VF that keeps the chain busy without time passing', () => {
    const event = good.find(({ device }) => device === 'g1/0');
    if (event === undefined) throw new Error('g1 has no event');
    const storm = Array.from({ length: 20_001 }, (_, index) => ({ ...event, seq: 1000 + index }));
    expect(check(storm, 'I9')).toMatchObject({ holds: false });
  });

  test('I10 finds a VF that was never freed, and cannot tell before the host has ended', () => {
    const isFree = ({ name }: TraceEvent) => name === 'OID_NIC_SWITCH_FREE_VF';
    expect(check(without(isFree), 'I10')).toMatchObject({
      holds: false,
      why: [expect.stringMatching(/never freed$/), expect.stringMatching(/never freed$/)],
    });
    const isEnd = ({ hop }: TraceEvent) => hop === 'pfMiniportHaltEx';
    expect(check(without(isEnd), 'I10')).toMatchObject({ holds: 'unknown' });
  });
});
