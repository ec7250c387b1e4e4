import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TraceHistory } from '#host/control/trace-history.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { eventOf, eventsOf } from './trace-events.ts';

const all = (): boolean => true;

function historyOf(capacity: number, events: readonly TraceEvent[]): TraceHistory {
  const history = new TraceHistory(capacity);
  for (const event of events) history.add(event);
  return history;
}

describe('TraceHistory', () => {
  test('of no events keeps none', () => {
    expect(historyOf(0, eventsOf(1, 5)).last(5, all)).toEqual([]);
  });

  test('gives the last that match, oldest first, however far back they are', () => {
    const odd = (event: TraceEvent): boolean => event.seq % 2 === 1;
    const history = historyOf(6, eventsOf(1, 10));
    expect(history.last(2, odd)).toEqual([eventOf(7), eventOf(9)]);
    expect(history.last(9, odd)).toEqual([eventOf(5), eventOf(7), eventOf(9)]);
    expect(history.last(0, odd)).toEqual([]);
  });

  test('is at all times the end of everything that was added', () => {
    const numbers = fc.nat({ max: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), numbers, numbers, (capacity, added, count) => {
        const events = eventsOf(1, added);
        const expected = events.slice(-capacity).slice(count === 0 ? added : -count);
        expect(historyOf(capacity, events).last(count, all)).toEqual(expected);
      }),
    );
  });
});
