import { describe, expect, test } from 'vitest';
import { sequentially, throughput } from '#cli/bench/load.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';

/** A round trip that takes this many milliseconds of a manual clock. */
function roundTripOf(clock: ManualClock, milliseconds: number): () => Promise<void> {
  return () => clock.advance(milliseconds);
}

describe('sequentially', () => {
  test('a round trip that fails ends it', async () => {
    const failing = sequentially(() => Promise.reject(new Error('refused')), 10, new ManualClock());
    await expect(failing).rejects.toThrow('refused');
  });

  test('makes one round trip after the other until the time is up', async () => {
    const clock = new ManualClock();
    expect(await sequentially(roundTripOf(clock, 4), 10, clock)).toEqual([4, 4, 4]);
  });
});

describe('throughput', () => {
  test('a round trip that fails ends it', async () => {
    const failing = throughput([() => Promise.reject(new Error('lost'))], 2, 10, new ManualClock());
    await expect(failing).rejects.toThrow('lost');
  });

  test('keeps as many under way on each connection as it was told', async () => {
    const clock = new ManualClock();
    const underWay = [0, 0];
    let most = [0, 0];
    const connections = underWay.map((_, index) => async () => {
      underWay[index] = (underWay[index] ?? 0) + 1;
      most = most.map((count, at) => Math.max(count, underWay[at] ?? 0));
      await clock.advance(5);
      underWay[index] = (underWay[index] ?? 0) - 1;
    });
    expect(await throughput(connections, 3, 10, clock)).toBeGreaterThan(0);
    expect(most).toEqual([3, 3]);
    expect(underWay).toEqual([0, 0]);
  });

  test('counts the round trips of a second', async () => {
    const clock = new ManualClock();
    expect(await throughput([roundTripOf(clock, 2)], 1, 100, clock)).toBe(500);
  });
});
