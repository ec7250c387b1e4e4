import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blockBytes,
  bytesFromWire,
  bytesToWire,
  maskFromWire,
  maskToWire,
  slot,
  storeFromWire,
  u8,
  u16,
  u32,
  wireLength,
  wireMask,
} from '#shared/wire/codecs.ts';

describe('numbers on the wire', () => {
  test.each([
    ['u32', u32, 2 ** 32],
    ['slot', slot, 2 ** 32],
    ['u16', u16, 2 ** 16],
    ['u8', u8, 2 ** 8],
  ])('%s is an integer that fits', (_name, schema, end) => {
    for (const bad of [-1, 0.5, end, '1', null, undefined, true, 1n, Number.NaN]) {
      expect(schema.safeParse(bad).success).toBe(false);
    }
    expect(schema.parse(0)).toBe(0);
    expect(schema.parse(end - 1)).toBe(end - 1);
  });
});

describe('block data on the wire', () => {
  test.each([
    'A',
    'AA',
    'AAA',
    'AA=',
    'A===',
    '====',
    'AAAA=',
    'AA==AA==',
    'A A=',
    '-_==',
    'AAAA\n',
    '\u0000',
  ])('%j is no base64', (text) => expect(blockBytes.safeParse(text).success).toBe(false));

  test('beyond 128 bytes and 4 of padding is refused [read.completion]', () => {
    expect(blockBytes.safeParse(bytesToWire(new Uint8Array(132))).success).toBe(true);
    expect(blockBytes.safeParse(bytesToWire(new Uint8Array(133))).success).toBe(false);
  });

  test('comes back as it was, whatever its bytes and wherever they begin', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), fc.nat(16), (data, offset) => {
        const memory = new Uint8Array(offset + data.byteLength);
        memory.set(data, offset);
        const text = bytesToWire(memory.subarray(offset));
        expect(blockBytes.parse(text)).toBe(text);
        expect(new Uint8Array(bytesFromWire(text))).toEqual(data);
      }),
      { seed: 1 },
    );
  });
});

describe('block data that is stored where it belongs', () => {
  test('is as much as was asked for, and touches nothing beside it', () => {
    const length = 132;
    for (let sent = 0; sent <= length; sent++) {
      const data = Uint8Array.from({ length: sent }, (_, index) => 255 - index);
      const text = bytesToWire(data);
      expect(wireLength(text)).toBe(sent);
      for (let stored = 0; stored <= sent; stored++) {
        const memory = new Uint8Array(length + 8).fill(0xee);
        storeFromWire(text, memory.subarray(5), stored);
        const expected = new Uint8Array(length + 8).fill(0xee);
        expected.set(data.subarray(0, stored), 5);
        expect(Buffer.compare(memory, expected)).toBe(0);
      }
    }
  });
});

describe('a BlockMask on the wire', () => {
  test.each([
    0x21,
    '0x21',
    '33',
    '0x00000000000000210',
    '0x000000000000002G',
    '0X0000000000000021',
    '',
  ])('%j is refused', (mask) => expect(wireMask.safeParse(mask).success).toBe(false));

  test.each([0n, 1n, 1n << 53n, (1n << 53n) + 1n, (1n << 63n) + 1n, (1n << 64n) - 1n])(
    '%s survives JSON',
    (mask) => {
      const text: unknown = JSON.parse(JSON.stringify(maskToWire(mask)));
      expect(maskFromWire(wireMask.parse(text))).toBe(mask);
    },
  );
});
