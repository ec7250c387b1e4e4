import { describe, expect, test } from 'vitest';
import {
  newConfigBlockBuffer,
  parseConfigBlockParameters,
  SIZEOF_CONFIG_BLOCK_PARAMETERS,
} from '#host/ndis/config-block-parameters.ts';
import { bytes, hex } from '#test/support/hex.ts';

const VECTOR = '80 01 14 00 01 00 00 00 05 00 00 00 10 00 00 00 14 00 00 00';

describe('NDIS_SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS', () => {
  test.each([
    ['19 bytes', VECTOR.slice(0, -3)],
    ['a header of 12 bytes', `80 01 0C 00${VECTOR.slice(11)}`],
    ['another type', `96 01 14 00${VECTOR.slice(11)}`],
    ['revision 0', `80 00 14 00${VECTOR.slice(11)}`],
  ])('%s hold none', (_what, given) => {
    expect(parseConfigBlockParameters(bytes(given))).toBeUndefined();
  });

  test('VF 1, block 5, 16 bytes is the documented structure with 16 bytes of room behind it [layout.vf-config-block-parameters]', () => {
    const buffer = newConfigBlockBuffer(1, 5, 16);
    expect(SIZEOF_CONFIG_BLOCK_PARAMETERS).toBe(20);
    expect(buffer.byteLength).toBe(36);
    expect(hex(buffer)).toBe(`${VECTOR}${' 00'.repeat(16)}`);
  });

  test('is read as it was written, up to the largest values', () => {
    expect(parseConfigBlockParameters(bytes(VECTOR))).toEqual({
      vfId: 1,
      blockId: 5,
      length: 16,
      bufferOffset: 20,
    });
    expect(parseConfigBlockParameters(newConfigBlockBuffer(0xfffe, 0xffff_ffff, 128))).toEqual({
      vfId: 0xfffe,
      blockId: 0xffff_ffff,
      length: 128,
      bufferOffset: 20,
    });
  });
});
