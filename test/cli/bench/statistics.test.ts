import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, percentile, ratiosOf, summaryOf } from '#cli/bench/statistics.ts';

describe('statistics', () => {
  test('of no values there are none', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => summaryOf([])).toThrow('no values');
  });

  test.each([
    [[7], 7],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100, -1], 9.5],
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test.each([
    [0, 10],
    [0.25, 20],
    [0.9, 46],
    [1, 50],
  ])('a fraction of %d of the values lies below %d', (fraction, expected) => {
    expect(percentile([50, 20, 40, 10, 30], fraction)).toBeCloseTo(expected);
  });

  test('the median lies between the least and the most, whatever the order', () => {
    const values = fc.array(fc.integer(), { minLength: 1 });
    fc.assert(
      fc.property(values, (numbers) => {
        const before = [...numbers];
        const { least, median: middle, most } = summaryOf(numbers);
        expect(numbers).toEqual(before);
        expect([least, most]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
        expect(least <= middle && middle <= most).toBe(true);
        expect(summaryOf([...numbers].reverse())).toEqual({ least, median: middle, most });
      }),
    );
  });

  test('a ratio is of two rounds that were measured next to each other', () => {
    expect(ratiosOf([10, 40, 90], [5, 10, 100])).toEqual([2, 4, 0.9]);
  });
});
