import { describe, expect, test } from 'vitest';
import type { TraceLine } from '#host/control/trace-line.ts';
import { MAX_WAITING, TraceReader } from '#host/control/trace-reader.ts';
import { turn } from '#test/kit/world/turn.ts';
import { eventOf, eventsOf } from './trace-events.ts';

const all = (): boolean => true;

/** Everything that is there to be read now. */
async function drain(reader: TraceReader): Promise<TraceLine[]> {
  const lines: TraceLine[] = [];
  for (;;) {
    const next = reader.next();
    reader.nudge();
    const piece = await next;
    if (piece === undefined || piece.length === 0) return lines;
    lines.push(...piece);
  }
}

describe('TraceReader', () => {
  test('a reader that does not read keeps a bounded number, and hears how many are missing', async () => {
    const reader = new TraceReader(all, []);
    for (const event of eventsOf(1, MAX_WAITING + 3)) reader.offer(event);
    const lines = await drain(reader);
    expect(lines).toEqual([...eventsOf(1, MAX_WAITING), { dropped: 3 }]);
  });

  test('the number stands where the events are missing', async () => {
    const reader = new TraceReader(all, []);
    for (const event of eventsOf(1, MAX_WAITING + 2)) reader.offer(event);
    await reader.next();
    reader.offer(eventOf(9_001));
    const lines = await drain(reader);
    expect(lines.slice(-2)).toEqual([{ dropped: 2 }, eventOf(9_001)]);
    reader.offer(eventOf(9_002));
    expect(await drain(reader)).toEqual([eventOf(9_002)]);
  });

  test('events that the filter keeps away are not missing', async () => {
    const reader = new TraceReader((event) => event.vfId === 1, []);
    for (const event of eventsOf(1, MAX_WAITING + 3)) reader.offer(event);
    reader.offer(eventOf(9_000, { vfId: 1 }));
    expect(await drain(reader)).toEqual([eventOf(9_000, { vfId: 1 })]);
  });

  test('what has happened comes first, all of it, and counts for nothing', async () => {
    const recent = eventsOf(1, MAX_WAITING + 100);
    const reader = new TraceReader(all, recent);
    reader.offer(eventOf(9_000));
    expect(await drain(reader)).toEqual([...recent, eventOf(9_000)]);
  });

  test('lines come in pieces, so that one reader holds nobody up', async () => {
    const reader = new TraceReader(all, eventsOf(1, 1_000));
    const piece = await reader.next();
    expect(piece?.length).toBeLessThan(1_000);
    expect(piece?.at(0)).toEqual(eventOf(1));
  });

  test('a reader waits for an event, and goes on without one when nudged', async () => {
    const reader = new TraceReader(all, []);
    let piece: readonly TraceLine[] | undefined;
    const waiting = reader.next().then((lines) => {
      piece = lines;
    });
    await turn();
    expect(piece).toBeUndefined();
    reader.offer(eventOf(1));
    await waiting;
    expect(piece).toEqual([eventOf(1)]);
    const nudged = reader.next();
    reader.nudge();
    expect(await nudged).toEqual([]);
  });

  test('after its end what waits is still read, and nothing is added', async () => {
    const reader = new TraceReader(all, [eventOf(1)]);
    reader.offer(eventOf(2));
    reader.end();
    reader.offer(eventOf(3));
    expect(await reader.next()).toEqual([eventOf(1)]);
    expect(await reader.next()).toEqual([eventOf(2)]);
    expect(await reader.next()).toBeUndefined();
  });

  test('an end wakes a reader that waits', async () => {
    const reader = new TraceReader(all, []);
    const waiting = reader.next();
    reader.end();
    expect(await waiting).toBeUndefined();
  });
});
