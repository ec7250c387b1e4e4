import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { mergedTrace } from './merged-trace.ts';

const packet = { name: 'READ_BLOCK', device: 'g1/0', transactionId: 1 } as const;
const guest: readonly TraceEvent[] = [
  { ...packet, seq: 1, at: 10, hop: 'ndisMReadConfigBlock' },
  { ...packet, seq: 2, at: 20, hop: 'guestPacketSent', cause: 1 },
  { ...packet, seq: 3, at: 25, hop: 'hostCompletionReceived', cause: 2 },
];
/** Its clock is behind: it has received before anything was sent. */
const host: readonly TraceEvent[] = [
  { ...packet, seq: 1, at: 12, hop: 'guestPacketReceived', cause: 0 },
  { ...packet, seq: 2, at: 30, hop: 'hostCompletionSent', cause: 1 },
];

describe('the traces of several processes', () => {
  test('become one, in which nothing is received before it was sent', () => {
    const { events } = mergedTrace([guest, host]);
    expect(events.map(({ seq, hop, cause }) => [seq, hop, cause])).toEqual([
      [1, 'ndisMReadConfigBlock', undefined],
      [2, 'guestPacketSent', 1],
      [3, 'guestPacketReceived', 0],
      [4, 'hostCompletionSent', 3],
      [5, 'hostCompletionReceived', 2],
    ]);
  });

  test('know the number that an event of a process has got', () => {
    const merged = mergedTrace([guest, host]);
    expect([merged.seqOf(host, 1), merged.seqOf(guest, 3)]).toEqual([3, 5]);
    expect(merged.seqOf(host, 9)).toBeUndefined();
  });
});
