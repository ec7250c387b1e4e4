import { describe, expect, test } from 'vitest';
import { Reassembly } from '#host/pf-miniport/hv-vhca/reassembly.ts';
import type { DataBlock } from '#shared/hv-vhca/data-block.ts';

/** A fragment whose data are 120 bytes of this value. */
function fragment(sequence: number, offset: number, value = 1): DataBlock {
  return { sequence, offset, data: new Uint8Array(120).fill(value) };
}

/** A reassembly of payloads of 8 rings, 256 bytes, in three fragments. */
function ofThree(): Reassembly {
  const reassembly = new Reassembly();
  reassembly.expectRings(8);
  return reassembly;
}

/** What the last of these fragments completes. */
function takeAll(reassembly: Reassembly, ...fragments: readonly DataBlock[]) {
  const payloads = fragments.map((each) => reassembly.take(each));
  expect(payloads.slice(0, -1).every((payload) => payload === undefined)).toBe(true);
  return payloads.at(-1);
}

describe('the reassembly of a payload', () => {
  test.each([0, 257, 65_535])('is not ready for %d rings [vhca.max-rings]', (rings) => {
    const reassembly = ofThree();
    reassembly.expectRings(rings);
    expect(reassembly.isReady).toBe(false);
  });

  test('is not ready before it knows the number of rings', () => {
    expect(new Reassembly().isReady).toBe(false);
  });

  test.each([
    ['a fragment was left out', [fragment(1, 0), fragment(1, 2)]],
    ['a fragment came twice', [fragment(1, 0), fragment(1, 1), fragment(1, 1), fragment(1, 2)]],
    ['fragments changed places', [fragment(1, 1), fragment(1, 0), fragment(1, 2)]],
    ['the first is missing', [fragment(1, 1), fragment(1, 2)]],
    ['a fragment is of another payload', [fragment(1, 0), fragment(2, 1), fragment(1, 2)]],
    ['the last is of another payload', [fragment(1, 0), fragment(1, 1), fragment(2, 2)]],
    ['it is whole already', [fragment(1, 2)]],
  ])('gives up one of which %s [vhca.reassembly]', (_, fragments) => {
    const reassembly = ofThree();
    takeAll(reassembly, fragment(1, 0), fragment(1, 1), fragment(1, 2));
    expect(takeAll(reassembly, ...fragments)).toBeUndefined();
    expect(takeAll(reassembly, fragment(3, 0), fragment(3, 1), fragment(3, 2))).toMatchObject({
      sequence: 3,
    });
  });

  test.each([1, 256])('gives up one that is under way when it has %d rings instead', (rings) => {
    const reassembly = ofThree();
    takeAll(reassembly, fragment(1, 0), fragment(1, 1));
    reassembly.expectRings(rings);
    expect(reassembly.take(fragment(1, 2))).toBeUndefined();
  });

  test('goes on with one that is under way when the number of rings is told again', () => {
    const reassembly = ofThree();
    takeAll(reassembly, fragment(1, 0), fragment(1, 1));
    reassembly.expectRings(8);
    expect(reassembly.take(fragment(1, 2))).toBeDefined();
  });

  test('begins anew with a first fragment, though the sequence is the same [vhca.reassembly]', () => {
    const payload = takeAll(
      ofThree(),
      fragment(7, 0, 0xaa),
      fragment(7, 1, 0xaa),
      fragment(7, 0, 0xbb),
      fragment(7, 1, 0xbb),
      fragment(7, 2, 0xbb),
    );
    expect(payload).toEqual({ sequence: 7, bytes: new Uint8Array(256).fill(0xbb) });
  });

  test('puts the fragments behind each other, and cuts the padding', () => {
    const payload = takeAll(ofThree(), fragment(7, 0, 1), fragment(7, 1, 2), fragment(7, 2, 3));
    const bytes = new Uint8Array(256);
    bytes.fill(1, 0, 120).fill(2, 120, 240).fill(3, 240);
    expect(payload).toEqual({ sequence: 7, bytes });
  });

  test.each([
    [1, 1],
    [3, 1],
    [4, 2],
    [15, 4],
    [256, 69],
  ])('of %d rings takes %d fragments', (rings, count) => {
    const reassembly = new Reassembly();
    reassembly.expectRings(rings);
    const fragments = Array.from({ length: count }, (_, offset) => fragment(0, offset));
    expect(takeAll(reassembly, ...fragments)?.bytes).toHaveLength(rings * 32);
  });
});
