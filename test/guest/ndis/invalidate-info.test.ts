import { describe, expect, test } from 'vitest';
import {
  newInvalidateInfo,
  parseInvalidateInfo,
  SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO,
} from '#guest/ndis/invalidate-info.ts';
import { bytes, hex } from '#test/support/hex.ts';

describe('NDIS_SRIOV_VF_INVALIDATE_CONFIG_BLOCK_INFO', () => {
  test.each([
    ['15 bytes', '80 01 10 00 00 00 00 00 21 00 00 00 00 00 00'],
    ['a header of another structure', '80 01 0C 00 00 00 00 00 21 00 00 00 00 00 00 00'],
    ['another type', '81 01 10 00 00 00 00 00 21 00 00 00 00 00 00 00'],
  ])('%s hold none', (_what, given) => {
    expect(parseInvalidateInfo(bytes(given))).toBeUndefined();
  });

  test('blocks 0 and 5 are the documented 16 bytes [layout.vf-invalidate-config-block-info]', () => {
    expect(SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO).toBe(16);
    expect(hex(newInvalidateInfo(0x21n))).toBe('80 01 10 00 00 00 00 00 21 00 00 00 00 00 00 00');
  });

  test('keeps all 64 bits', () => {
    const all = (1n << 64n) - 1n;
    expect(parseInvalidateInfo(newInvalidateInfo(all))).toBe(all);
    expect(hex(newInvalidateInfo((1n << 63n) + 1n)).slice(24)).toBe('01 00 00 00 00 00 00 80');
  });
});
