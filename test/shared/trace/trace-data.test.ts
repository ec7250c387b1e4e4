import { describe, expect, test } from 'vitest';
import { hexOf } from '#shared/trace/trace-data.ts';

/** `length` bytes that count up from `first`, in the middle of other memory. */
function counted(length: number, first = 0): Uint8Array {
  const memory = new Uint8Array(length + 6).fill(0xee);
  const data = memory.subarray(3, 3 + length);
  for (let index = 0; index < length; index++) data[index] = first + index;
  return data;
}

const hexByByte = (data: Uint8Array): string =>
  [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');

describe('hexOf', () => {
  test('is undefined for data that is not there', () => {
    expect(hexOf(undefined)).toBeUndefined();
    expect(hexOf(undefined, 0, 4)).toBeUndefined();
  });

  test.each([0, 1, 128, 256, 257, 1_000])('spells %i bytes', (length) => {
    const data = counted(length);
    expect(hexOf(data)).toBe(hexByByte(data));
    expect(hexOf(data, 1, length - 1)).toBe(hexByByte(data.subarray(1, Math.max(1, length - 1))));
  });

  test.each([4, 300])(
    'spells of a range what %i bytes hold of it, and nothing of before',
    (length) => {
      hexOf(counted(256, 0x80));
      const data = counted(length);
      expect(hexOf(data, 2, length + 50)).toBe(hexByByte(data.subarray(2)));
      expect(hexOf(data, length, length + 50)).toBe('');
      expect(hexOf(data, length + 10, length + 50)).toBe('');
      expect(hexOf(data, 2, 1)).toBe('');
      expect(hexOf(data, 0, -1)).toBe('');
    },
  );
});
