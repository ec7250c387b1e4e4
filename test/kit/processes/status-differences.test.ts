import { beforeAll, describe, expect, test } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import wholeLife from '../samples/whole-life.scenario.ts';
import { type RunResult, runScenario } from '../scenario/run-scenario.ts';
import { statusDifferences } from './status-differences.ts';

let run: RunResult;
beforeAll(async () => {
  run = await runScenario(wholeLife);
});

/** The run without some of its events. */
function without(isGone: (event: TraceEvent) => boolean): RunResult {
  return { ...run, events: run.events.filter((event) => !isGone(event)) };
}

/** The run, with another status wherever one is meant. */
function failing(isMeant: (event: TraceEvent) => boolean): RunResult {
  const status = NTSTATUS.STATUS_UNSUCCESSFUL;
  return {
    ...run,
    events: run.events.map((event) => (isMeant(event) ? { ...event, status } : event)),
  };
}

const isCompletion = ({ hop, name }: TraceEvent): boolean =>
  hop === 'hostCompletionSent' && name === 'WRITE_BLOCK';
/** All that the report of block 17 leads to. */
function isOfReport(event: TraceEvent): boolean {
  const { blockId, name, transactionId } = event;
  const sent = run.events.find((each) => each.hop === 'guestPacketSent' && each.blockId === 17);
  return blockId === 17 || (name === 'WRITE_BLOCK' && transactionId === sent?.transactionId);
}

describe('the statuses of two runs', () => {
  test('another status is told, with both chains, and what follows from it is not', () => {
    const isReturn = ({ hop, blockId }: TraceEvent): boolean =>
      hop === 'ndisMWriteConfigBlockReturn' && blockId === 16;
    const other = failing((event) => isCompletion(event) || isReturn(event));
    const differences = statusDifferences(run, other);
    expect(differences).toHaveLength(1);
    expect(differences[0]?.split('\n')).toEqual([
      'WRITE_BLOCK at hostCompletionSent of g1/0: STATUS_SUCCESS in the simulated world, STATUS_UNSUCCESSFUL between processes',
      '  in the simulated world:',
      expect.stringMatching(/^ {4}VF miniport -> guest NDIS: NdisMWriteConfigBlock block 16/),
      ...Array(3).fill(expect.stringMatching(/^ {4}\S/)),
      expect.stringMatching(/WRITE_BLOCK STATUS_SUCCESS .*\[hostCompletionSent\]$/),
      '  between processes:',
      ...Array(4).fill(expect.stringMatching(/^ {4}\S/)),
      expect.stringMatching(/STATUS_UNSUCCESSFUL.*\[hostCompletionSent\]$/),
    ]);
  });

  test('that a call comes to no end in one of them is told', () => {
    const differences = statusDifferences(run, without(isCompletion));
    expect(differences[0]).toMatch(
      /^WRITE_BLOCK at hostCompletionSent of g1\/0: STATUS_SUCCESS in the simulated world, nothing between processes\n/,
    );
    expect(differences[0]).toMatch(/\n {2}between processes: it never came there$/);
  });

  test('what a driver does in one of them only is told when it fails', () => {
    expect(statusDifferences(run, without(isOfReport))).toEqual([]);
    const failed = failing((event) => isOfReport(event) && event.status !== undefined);
    expect(statusDifferences(failed, without(isOfReport))).not.toEqual([]);
  });

  describe('where a VF has lost its channel', () => {
    /** The run, whose VF loses its channel behind an event. */
    const losing = (last: (event: TraceEvent) => boolean, from: RunResult = run): RunResult => {
      const at = from.events.findIndex(last);
      const events = from.events.filter(({ hop }, index) => index <= at || !/HaltEx$/.test(hop));
      const { device, generation } = run.events.find(isCompletion) ?? {};
      const seq = (from.events[at]?.seq ?? 0) + 0.5;
      const hop = 'channelClosed';
      const closed: TraceEvent = { device, generation, seq, at: 0, hop, name: 'close' };
      return { ...from, events: [...events.slice(0, at + 1), closed, ...events.slice(at + 1)] };
    };
    const isDelivery = ({ hop }: TraceEvent): boolean => hop === 'blockMaskCached';

    test('what came after it may have come to any end, or to none', () => {
      const other = failing(({ hop }) => hop === 'vfMiniportOidRequestComplete');
      expect(statusDifferences(run, other)).toHaveLength(1);
      expect(statusDifferences(losing(isDelivery), losing(isDelivery, other))).toEqual([]);
    });

    test('what came before it has to have one status in common', () => {
      const isReturn = ({ hop }: TraceEvent): boolean => hop === 'ndisMReadConfigBlockReturn';
      const first = run.events.find(isReturn);
      const always = failing((event) => isReturn(event) && event.blockId === first?.blockId);
      expect(statusDifferences(losing(isDelivery), losing(isDelivery, always))).toHaveLength(1);
      const completions = run.events.filter(
        ({ hop, name }) => hop === 'hostCompletionSent' && name === 'READ_BLOCK',
      );
      const last = failing((event) => event === completions.at(-1));
      expect(completions.length).toBeGreaterThan(1);
      expect(statusDifferences(losing(isDelivery), losing(isDelivery, last))).toEqual([]);
    });
  });
});
