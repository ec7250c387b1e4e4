import { describe, expect, test } from 'vitest';
import { fragmentsOf } from '#guest/vf-miniport/hv-vhca/fragments.ts';
import { block } from '#test/shared/reference-nic/bytes.ts';

/** A payload of this many bytes, of which none is 0. */
function payload(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index % 255) + 1);
}

describe('the fragments of a payload', () => {
  test('are none when it is empty', () => {
    expect(fragmentsOf(payload(0), 1)).toEqual([]);
  });

  test.each([
    [1, 1],
    [120, 1],
    [121, 2],
    [240, 2],
    [241, 3],
    [8192, 69],
  ])('of %d bytes are %d', (size, count) => {
    expect(fragmentsOf(payload(size), 1)).toHaveLength(count);
  });

  test('have the same sequence, a rising index, and the payload in its order [vhca.fragments]', () => {
    const bytes = payload(256);
    const part = (start: number, end: number) =>
      Buffer.from(bytes.subarray(start, end)).toString('hex');
    expect(fragmentsOf(bytes, 0xfffe)).toEqual([
      block(`fe ff  00 00  00 00 00 00  ${part(0, 120)}`),
      block(`fe ff  01 00  00 00 00 00  ${part(120, 240)}`),
      block(`fe ff  02 00  00 00 00 00  ${part(240, 256)}`),
    ]);
  });
});
