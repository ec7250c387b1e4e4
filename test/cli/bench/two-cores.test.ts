import { describe, expect, test } from 'vitest';
import { coresOf } from '#cli/bench/two-cores.ts';

describe('coresOf', () => {
  test.each([
    ["pid 12's current affinity list: 3\n", [3]],
    ["pid 12's current affinity list: 0-3\n", [0, 1, 2, 3]],
    ["pid 12's current affinity list: 0,2-4,9\n", [0, 2, 3, 4, 9]],
  ])('%j', (text, cores) => {
    expect(coresOf(text)).toEqual(cores);
  });

  test('a text that names none has none', () => {
    expect(coresOf('taskset: failed')).toEqual([]);
    expect(coresOf('')).toEqual([]);
  });
});
