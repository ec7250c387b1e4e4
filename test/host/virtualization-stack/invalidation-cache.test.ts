import { describe, expect, test } from 'vitest';
import { InvalidationCache } from '#host/virtualization-stack/invalidation-cache.ts';

describe('the invalidation cache of a VF', () => {
  test('ORs every mask, and remembers what led to the last [invalidate.stack-ors-the-mask]', () => {
    const cache = new InvalidationCache();
    cache.or(0x1n, 3);
    cache.or(0x20n, 7);
    expect(cache.mask).toBe(0x21n);
    expect(cache.cause).toBe(7);
  });

  test('hands its mask over once', () => {
    const cache = new InvalidationCache();
    cache.or((1n << 64n) - 1n, 1);
    expect(cache.take()).toBe((1n << 64n) - 1n);
    expect(cache.mask).toBe(0n);
    expect(cache.take()).toBe(0n);
  });

  test('keeps 64 bits', () => {
    const cache = new InvalidationCache();
    cache.or((1n << 64n) | 2n, 1);
    expect(cache.mask).toBe(2n);
  });
});
