import { describe, expect, test } from 'vitest';
import { bytesReturned } from '#guest/linux/received-length.ts';

describe('what a Linux guest believes to have read', () => {
  test.each([
    [0, 4],
    [1, 4],
    [4, 4],
    [5, 12],
    [12, 12],
    [13, 20],
    [63, 68],
    [64, 68],
    [100, 100],
    [124, 124],
    [125, 128],
    [128, 128],
  ])('of %i bytes that the host sent is %i of 128 [linux.short-read]', (sent, returned) => {
    expect(bytesReturned(sent, 128, 'zero')).toBe(returned);
    expect(bytesReturned(sent, 128, 'marker')).toBe(returned);
  });

  test.each([
    [1, 1],
    [3, 3],
    [10, 10],
  ])('is never more than the %i bytes that were asked for [linux.long-read]', (asked, returned) => {
    expect(bytesReturned(128, asked, 'zero')).toBe(returned);
  });

  test.each([0, 1, 63, 128])('is the truth of %i bytes where lengths are exact', (sent) => {
    expect(bytesReturned(sent, 128, 'none')).toBe(sent);
  });
});
