import { describe, expect, test } from 'vitest';
import { decodeDataBlock, encodeDataBlock } from '#shared/hv-vhca/data-block.ts';
import { block, patched } from '#test/shared/reference-nic/bytes.ts';

const BYTES = block(`02 01  04 03  00 00 00 00  ${'a5'.repeat(119)} 5a`);
const DATA = BYTES.slice(8);

describe('a data block', () => {
  test.each([0, 8, 127, 129])('%d bytes: no such block [vhca.block-size]', (size) => {
    expect(decodeDataBlock(new Uint8Array(size))).toBeUndefined();
  });

  test('every field is at its offset [vhca.data-block]', () => {
    const fragment = { sequence: 0x0102, offset: 0x0304, data: DATA };
    expect(encodeDataBlock(fragment)).toEqual(BYTES);
    expect(decodeDataBlock(BYTES)).toEqual(fragment);
  });

  test('the highest sequence and offset survive', () => {
    const most = patched(BYTES, 0, 'ff ff ff ff');
    expect(encodeDataBlock({ sequence: 0xffff, offset: 0xffff, data: DATA })).toEqual(most);
    expect(decodeDataBlock(most)).toMatchObject({ sequence: 0xffff, offset: 0xffff });
  });

  test('is zero behind the end of its data', () => {
    const data = Uint8Array.of(0xaa, 0xbb);
    expect(encodeDataBlock({ sequence: 1, offset: 2, data })).toEqual(
      block('01 00  02 00  00 00 00 00  aa bb'),
    );
  });

  test('reserved bytes are ignored', () => {
    expect(decodeDataBlock(patched(BYTES, 4, 'ff ff ff ff'))).toEqual(decodeDataBlock(BYTES));
  });

  test('keeps its data when the buffer is used again', () => {
    const buffer = BYTES.slice();
    const decoded = decodeDataBlock(buffer);
    buffer.fill(0);
    expect(decoded?.data).toEqual(DATA);
  });
});
