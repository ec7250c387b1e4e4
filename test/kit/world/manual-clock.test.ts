import { describe, expect, test } from 'vitest';
import { ManualClock } from './manual-clock.ts';

describe('a manual clock', () => {
  test('lets work run, and what that queues, before the next timer fires', async () => {
    const clock = new ManualClock();
    const order: string[] = [];
    clock.setTimer(1, () => {
      setImmediate(() => {
        order.push('work');
        setImmediate(() => {
          order.push('work of work');
          clock.setTimer(1, () => order.push('a timer that it set'));
        });
      });
    });
    clock.setTimer(3, () => order.push('the next timer'));
    await clock.advance(4);
    expect(order).toEqual(['work', 'work of work', 'a timer that it set', 'the next timer']);
  });

  test('goes on though work queues itself for ever', async () => {
    const clock = new ManualClock();
    let isOver = false;
    const again = (): void => {
      if (!isOver) setImmediate(again);
    };
    again();
    await clock.advance(1);
    isOver = true;
    expect(clock.timers).toBe(0);
  });
});
