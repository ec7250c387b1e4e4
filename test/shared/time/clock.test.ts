import { describe, expect, test } from 'vitest';
import { delay, setPeriodicTimer } from '#shared/time/clock.ts';
import { ContainedClock } from '#shared/time/contained-clock.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';

describe('a delay', () => {
  test('ends when it is aborted, and leaves no timer behind', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const ended = delay(clock, 1_000, stop.signal);
    stop.abort();
    await ended;
    expect(clock.timers).toBe(0);
  });

  test('that is aborted before it begins ends at once', async () => {
    const clock = new ManualClock();
    await delay(clock, 1_000, AbortSignal.abort());
    expect(clock.timers).toBe(0);
  });

  test('ends when its time has passed, and not before', async () => {
    const clock = new ManualClock();
    let ended = false;
    delay(clock, 1_000).then(
      () => {
        ended = true;
      },
      () => {},
    );
    await clock.advance(999);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(ended).toBe(true);
  });
});

describe('a periodic timer', () => {
  test('fires each period until it is cancelled', async () => {
    const clock = new ManualClock();
    let fired = 0;
    const timer = setPeriodicTimer(clock, 100, () => fired++);
    await clock.advance(350);
    expect(fired).toBe(3);
    timer.cancel();
    await clock.advance(1_000);
    expect(fired).toBe(3);
    expect(clock.timers).toBe(0);
  });

  test('may be cancelled from inside', async () => {
    const clock = new ManualClock();
    let fired = 0;
    const timer = setPeriodicTimer(clock, 100, () => {
      fired++;
      timer.cancel();
    });
    await clock.advance(1_000);
    expect(fired).toBe(1);
  });
});

describe('a contained clock', () => {
  test('reports what a timer throws, and goes on', async () => {
    const clock = new ManualClock();
    const reported: unknown[] = [];
    const contained = new ContainedClock(clock, (error) => reported.push(error));
    let fired = false;
    contained.setTimer(1, () => {
      throw new Error('broken');
    });
    contained.setTimer(2, () => {
      fired = true;
    });
    await clock.advance(2);
    expect(reported).toEqual([new Error('broken')]);
    expect(fired).toBe(true);
  });

  test('tells the time of the clock beneath, and cancels its timers', async () => {
    const clock = new ManualClock();
    const contained = new ContainedClock(clock, () => {});
    expect(contained.now()).toBe(clock.now());
    contained.setTimer(1, () => {}).cancel();
    expect(clock.timers).toBe(0);
  });

  test('reports what a timer rejects', async () => {
    const clock = new ManualClock();
    const reported: unknown[] = [];
    const contained = new ContainedClock(clock, (error) => reported.push(error));
    contained.setTimer(1, () => Promise.reject(new Error('broken')));
    await clock.advance(1);
    expect(reported).toEqual([new Error('broken')]);
  });

  test('that is stopped cancels its timers, and sets none', async () => {
    const clock = new ManualClock();
    const contained = new ContainedClock(clock, () => {});
    const fired: number[] = [];
    for (const after of [1, 5, 6]) contained.setTimer(after, () => void fired.push(after));
    await clock.advance(1);
    contained.stop();
    contained.setTimer(1, () => void fired.push(7)).cancel();
    expect(clock.timers).toBe(0);
    await clock.advance(10);
    expect(fired).toEqual([1]);
  });
});
