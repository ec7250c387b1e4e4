import { describe, expect, test } from 'vitest';
import { ROW_NAMES, ROWS, verdictOf } from '#cli/bench/rows.ts';

describe('verdictOf', () => {
  test.each([
    [1.31, false, false],
    [1.3, true, false],
    [1.11, true, false],
    [1.1, true, true],
    [0.2, true, true],
    [Number.NaN, false, false],
  ])('of %d, where at most 1.3 and later 1.1 is wanted', (ratio, first, later) => {
    const budget = { bound: 'at most', first: 1.3, later: 1.1 } as const;
    expect(verdictOf(ratio, budget)).toEqual({ first, later });
  });

  test.each([
    [0.59, false, false],
    [0.6, true, false],
    [0.99, true, false],
    [1, true, true],
    [9, true, true],
    [Number.NaN, false, false],
  ])('of %d, where at least 0.6 and later 1 is wanted', (ratio, first, later) => {
    const budget = { bound: 'at least', first: 0.6, later: 1 } as const;
    expect(verdictOf(ratio, budget)).toEqual({ first, later });
  });
});

describe('ROWS', () => {
  test.each(ROW_NAMES)('%s wants more later than at first', (name) => {
    const { bound, first, later } = ROWS[name].budget;
    expect(bound === 'at most' ? later < first : later > first).toBe(true);
  });
});
