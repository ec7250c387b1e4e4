import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { EventWatch } from './event-watch.ts';
import { WorldRecord } from './world-record.ts';

const HALT = { hop: 'vfMiniportHaltEx', nth: 2 } as const;

function halted(at: number): TraceEvent {
  return { seq: at, at, hop: 'vfMiniportHaltEx', name: 'MiniportHaltEx' };
}

describe('a fault that waits for an event of another process', () => {
  const own = {};
  const other = {};

  test('goes on when it happens there, and not when it happens in its own', () => {
    const watch = new EventWatch();
    let resumed = 0;
    watch.onceElsewhere(own, HALT, [], () => resumed++);
    for (const from of [own, own, other]) watch.event(halted(1), from);
    expect(resumed).toBe(0);
    watch.event(halted(2), other);
    watch.event(halted(3), other);
    watch.event(halted(4), other);
    expect(resumed).toBe(1);
  });

  test('goes on when it has happened before anybody heard that it waits', () => {
    const record = new WorldRecord();
    const [waiting, ending] = [record.newSide(true), record.newSide(false)];
    waiting.events.push(halted(6), halted(7));
    ending.events.push(halted(4), halted(5), halted(8));
    expect(record.eventsOfOthers(waiting, 4).map(({ at }) => at)).toEqual([5, 8]);
    const watch = new EventWatch();
    let resumed = 0;
    watch.onceElsewhere(own, HALT, record.eventsOfOthers(waiting, 5), () => resumed++);
    expect(resumed).toBe(0);
    watch.onceElsewhere(own, HALT, record.eventsOfOthers(waiting, 4), () => resumed++);
    expect(resumed).toBe(1);
  });
});
