import { describe, expect, test } from 'vitest';
import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { bytes, hex } from '#test/support/hex.ts';

describe('NDIS_OBJECT_HEADER', () => {
  test.each([
    ['a buffer shorter than the structure', '80 01 06 00 00', 6],
    ['a header that says a smaller size', '80 01 05 00 00 00', 6],
    ['another type', '96 01 06 00 00 00', 6],
    ['revision 0', '80 00 06 00 00 00', 6],
    ['nothing at all', '80', 1],
  ])('%s is not taken [contradiction.issuer-sets-header]', (_what, given, size) => {
    expect(hasObjectHeader(bytes(given), size === 1 ? 6 : size)).toBe(false);
  });

  test.each([
    ['the exact size', '80 01 06 00 00 00'],
    ['a later revision, which is longer', '80 02 08 00 00 00 00 00'],
  ])('%s is taken', (_what, given) => {
    expect(hasObjectHeader(bytes(given), 6)).toBe(true);
  });

  test('is written as type 0x80, revision 1 and the size, little-endian [layout.ndis-object-header] [constants.object-type-default] [constants.revision-1]', () => {
    const written = new Uint8Array(4);
    writeObjectHeader(viewOf(written), 0x0660);
    expect(hex(written)).toBe('80 01 60 06');
  });

  test('a view begins where its bytes begin, not where their memory does', () => {
    const memory = bytes('FF FF 80 01 06 00 00 00');
    expect(hasObjectHeader(memory.subarray(2), 6)).toBe(true);
  });
});
