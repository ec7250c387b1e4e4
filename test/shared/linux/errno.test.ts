import { describe, expect, test } from 'vitest';
import { ERRNO, errnoName } from '#shared/linux/errno.ts';

describe('error numbers', () => {
  test.each<[number, string]>([
    [0, '0'],
    [-5, '-EIO'],
    [-11, '-EAGAIN'],
    [-19, '-ENODEV'],
    [-22, '-EINVAL'],
    [-71, '-EPROTO'],
    [-95, '-EOPNOTSUPP'],
    [-1000, '-1000'],
    [5, '5'],
  ])('%i is named %s', (value, name) => {
    expect(errnoName(value)).toBe(name);
  });

  test('are positive, and no two are the same', () => {
    const values = Object.values(ERRNO);
    expect(values.every((value) => value > 0)).toBe(true);
    expect(new Set(values).size).toBe(values.length);
  });
});
