import { describe, expect, test } from 'vitest';
import { newSecret, systemClock, systemRandom } from '#shared/time/system.ts';
import { turn } from '#test/kit/world/turn.ts';

describe('the system clock', () => {
  test('does not fire at once when asked for longer than a timer of Node can wait', async () => {
    let fired = false;
    const timer = systemClock.setTimer(2 ** 31, () => {
      fired = true;
    });
    // Node fires a timer that overflows after one millisecond.
    const end = systemClock.now() + 20;
    while (systemClock.now() < end) await turn();
    timer.cancel();
    expect(fired).toBe(false);
  });

  test('counts milliseconds since the Unix epoch and never runs backwards', () => {
    const first = systemClock.now();
    expect(first).toBeGreaterThan(Date.UTC(2020, 0));
    expect(systemClock.now()).toBeGreaterThanOrEqual(first);
  });

  test('fires a timer once, and none that was cancelled', async () => {
    let cancelled = false;
    systemClock
      .setTimer(1, () => {
        cancelled = true;
      })
      .cancel();
    await new Promise<void>((resolve) => systemClock.setTimer(2, resolve));
    expect(cancelled).toBe(false);
  });
});

describe('system randomness', () => {
  test('is from 0 up to but not including 1', () => {
    const value = systemRandom();
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThan(1);
  });

  test('a secret has 32 bytes in the URL-safe alphabet, and is another each time', () => {
    expect(newSecret()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(newSecret()).not.toBe(newSecret());
  });
});
