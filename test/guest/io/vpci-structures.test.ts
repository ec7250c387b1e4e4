import { describe, expect, test } from 'vitest';
import {
  newReadBlockInput,
  newWriteBlockInput,
  parseInvalidateBlockOutput,
  parseReadBlockInput,
  parseWriteBlockInput,
  SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT,
  SIZEOF_VPCI_READ_BLOCK_INPUT,
  SIZEOF_VPCI_WRITE_BLOCK_INPUT,
  writeInvalidateBlockOutput,
} from '#guest/io/vpci-structures.ts';
import { bytes, hex } from '#test/support/hex.ts';

describe('VPCI_READ_BLOCK_INPUT', () => {
  test('is 8 bytes: BlockId, BytesRequested [layout.vpci-read-block-input]', () => {
    expect(SIZEOF_VPCI_READ_BLOCK_INPUT).toBe(8);
    expect(hex(newReadBlockInput(0x01020304, 16))).toBe('04 03 02 01 10 00 00 00');
  });

  test('is read where it begins, with a BlockId of 32 bits', () => {
    const memory = bytes('EE FF FF FF FF 80 00 00 00');
    expect(parseReadBlockInput(memory.subarray(1))).toEqual({
      blockId: 0xffff_ffff,
      bytesRequested: 128,
    });
  });
});

describe('VPCI_WRITE_BLOCK_INPUT', () => {
  test('block 2 with 3 bytes is a buffer of 12 [layout.vpci-write-block-input]', () => {
    expect(SIZEOF_VPCI_WRITE_BLOCK_INPUT).toBe(12);
    const input = newWriteBlockInput(2, bytes('AA BB CC'));
    expect(hex(input)).toBe('02 00 00 00 03 00 00 00 AA BB CC 00');
  });

  test.each([
    [1, 12],
    [4, 12],
    [5, 13],
    [128, 136],
  ])('with %i bytes of data is %i bytes long', (length, size) => {
    expect(newWriteBlockInput(0, new Uint8Array(length)).byteLength).toBe(size);
  });

  test('is read as it was written', () => {
    expect(parseWriteBlockInput(newWriteBlockInput(64, bytes('01 02')))).toEqual({
      blockId: 64,
      dataLength: 2,
    });
  });
});

describe('VPCI_INVALIDATE_BLOCK_OUTPUT', () => {
  test('is 8 bytes: BlockMask, little-endian, all 64 bits of it [layout.vpci-invalidate-block-output]', () => {
    expect(SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT).toBe(8);
    const output = new Uint8Array(8);
    writeInvalidateBlockOutput(output, (1n << 63n) + 1n);
    expect(hex(output)).toBe('01 00 00 00 00 00 00 80');
    expect(parseInvalidateBlockOutput(output)).toBe((1n << 63n) + 1n);
  });
});
