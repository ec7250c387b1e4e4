import { describe, expect, test } from 'vitest';
import {
  decodeControlBlock,
  EMPTY_CONTROL_BLOCK,
  encodeControlBlock,
} from '#shared/hv-vhca/control-block.ts';
import { block, patched } from '#test/shared/reference-nic/bytes.ts';

const BYTES = block('04 03 02 01  08 07 06 85  0a 09  0c 0b  0e 0d  10 0f');

const CONTROL = {
  capabilities: 0x01020304,
  control: 0x85060708,
  command: 0x090a,
  commandAck: 0x0b0c,
  version: 0x0d0e,
  rings: 0x0f10,
};

describe('block 0, control', () => {
  test.each([0, 1, 16, 127, 129])('%d bytes: no such block [vhca.block-size]', (size) => {
    expect(decodeControlBlock(new Uint8Array(size))).toBeUndefined();
  });

  test('every field is at its offset [vhca.control-block]', () => {
    expect(encodeControlBlock(CONTROL)).toEqual(BYTES);
    expect(decodeControlBlock(BYTES)).toEqual(CONTROL);
  });

  test('the highest value of each field survives', () => {
    const most = patched(BYTES, 0, 'ff'.repeat(16));
    const decoded = {
      capabilities: 0xffff_ffff,
      control: 0xffff_ffff,
      command: 0xffff,
      commandAck: 0xffff,
      version: 0xffff,
      rings: 0xffff,
    };
    expect(decodeControlBlock(most)).toEqual(decoded);
    expect(encodeControlBlock(decoded)).toEqual(most);
  });

  test('reserved bytes are ignored', () => {
    expect(decodeControlBlock(patched(BYTES, 16, 'ff'.repeat(112)))).toEqual(CONTROL);
  });

  test('nothing said is a block of zeros', () => {
    expect(encodeControlBlock(EMPTY_CONTROL_BLOCK)).toEqual(new Uint8Array(128));
  });

  test('is read where it stands in a larger buffer', () => {
    const buffer = new Uint8Array(148);
    buffer.set(BYTES, 20);
    expect(decodeControlBlock(buffer.subarray(20))).toEqual(CONTROL);
  });
});
