import { describe, expect, test } from 'vitest';
import { byTurns } from '#cli/bench/measured.ts';

describe('byTurns', () => {
  test('a measurement that fails ends it', async () => {
    const failing = byTurns(
      { warmUp: 0, counted: 2 },
      () => Promise.reject(new Error('gone')),
      () => Promise.resolve(1),
    );
    await expect(failing).rejects.toThrow('gone');
  });

  test('measures the two by turns, and does not count the rounds of the warm-up', async () => {
    const order: string[] = [];
    let round = 0;
    const measured = await byTurns(
      { warmUp: 2, counted: 3 },
      async () => {
        order.push('subject');
        return ++round;
      },
      async () => {
        order.push('baseline');
        return round * 10;
      },
    );
    expect(order).toEqual(Array.from({ length: 5 }, () => ['subject', 'baseline']).flat());
    expect(measured).toEqual({ subject: [3, 4, 5], baseline: [30, 40, 50] });
  });
});
