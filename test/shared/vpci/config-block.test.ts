import { describe, expect, test } from 'vitest';
import {
  blockMask,
  blocksOfMask,
  isBlockId,
  isBlockLength,
  maskHex,
  maskOfBlocks,
  shortMask,
  VPCI_MAX_READ_WRITE_BLOCK_SIZE,
} from '#shared/vpci/config-block.ts';

const ALL = 0xffff_ffff_ffff_ffffn;

describe('the length of a configuration block', () => {
  test.each([0, -1, 129, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32 + 1])(
    '%s is out of range',
    (length) => expect(isBlockLength(length)).toBe(false),
  );

  test.each([1, 127, 128])('%s is in range', (length) => expect(isBlockLength(length)).toBe(true));

  test('VPCI_MAX_READ_WRITE_BLOCK_SIZE is 128 [constants.max-block-size]', () => {
    expect(VPCI_MAX_READ_WRITE_BLOCK_SIZE).toBe(128);
  });
});

describe('a BlockId', () => {
  test.each([-1, 2 ** 32, 0.5, Number.NaN])('cannot be %s', (id) => {
    expect(isBlockId(id)).toBe(false);
  });

  test.each([0, 63, 64, 0xffff_ffff])('can be %s', (id) => expect(isBlockId(id)).toBe(true));
});

describe('a BlockMask', () => {
  test('has bit n for block n [invalidate.bit-n-is-block-n]', () => {
    expect(maskOfBlocks([0, 5])).toBe(0x21n);
    expect(maskOfBlocks([63])).toBe(0x8000_0000_0000_0000n);
    expect(blocksOfMask(0x21n)).toEqual([0, 5]);
    expect(blocksOfMask(0x8000_0000_0000_0001n)).toEqual([0, 63]);
  });

  test('has no bit for blocks of 64 and above [constants.invalidatable-blocks]', () => {
    expect(maskOfBlocks([64, 0xffff_ffff])).toBe(0n);
  });

  test('of all bits names all 64 blocks', () => {
    expect(blocksOfMask(ALL)).toEqual(Array.from({ length: 64 }, (_, block) => block));
    expect(maskOfBlocks(blocksOfMask(ALL))).toBe(ALL);
  });

  test('keeps 64 bits', () => {
    expect(blockMask((1n << 64n) | 1n)).toBe(1n);
    expect(blockMask(-1n)).toBe(ALL);
  });

  test('is spelled in sixteen digits, whatever its value', () => {
    expect(maskHex(0x21n)).toBe('0x0000000000000021');
    expect(maskHex(ALL)).toBe('0xffffffffffffffff');
  });

  test('in short loses its leading zeros and no other', () => {
    const zero = `0x${'0'.repeat(16)}`;
    expect([zero, '0x0000000000000210', '0x8000000000000000'].map(shortMask)).toEqual([
      '0x0',
      '0x210',
      '0x8000000000000000',
    ]);
  });
});
