import { describe, expect, test } from 'vitest';
import {
  baseRegisterValues,
  memoryOfBarResources,
  newBarResourcesInfo,
  newProbedBarsInfo,
  parseBarResourcesInfo,
  parseProbedBarsInfo,
  setBaseRegisterValues,
  setMemoryDescriptor,
} from '#host/ndis/bar-structures.ts';
import {
  newConfigSpaceBuffer,
  parseConfigSpaceParameters,
} from '#host/ndis/config-space-parameters.ts';
import { bytes, hex } from '#test/support/hex.ts';

describe('NDIS_SRIOV_READ_VF_CONFIG_SPACE_PARAMETERS and its WRITE twin', () => {
  test('are 20 bytes: VFId at 4, Offset at 8, Length at 12, BufferOffset at 16 [layout.vf-config-space-parameters]', () => {
    const buffer = newConfigSpaceBuffer(0x0102, 0x10, 4);
    expect(hex(buffer)).toBe(
      '80 01 14 00 02 01 00 00 10 00 00 00 04 00 00 00 14 00 00 00 00 00 00 00',
    );
    expect(parseConfigSpaceParameters(buffer)).toEqual({
      vfId: 0x0102,
      offset: 0x10,
      length: 4,
      bufferOffset: 20,
    });
    expect(parseConfigSpaceParameters(buffer.subarray(0, 19))).toBeUndefined();
  });

  test('hold members of 32 bits, and a VFId of 16 whatever its padding is', () => {
    const forged = bytes('80 01 14 00 02 01 FF FF FF FF FF FF FE FF FF FF FD FF FF FF');
    expect(parseConfigSpaceParameters(forged)).toEqual({
      vfId: 0x0102,
      offset: 0xffff_ffff,
      length: 0xffff_fffe,
      bufferOffset: 0xffff_fffd,
    });
  });
});

describe('NDIS_SRIOV_PROBED_BARS_INFO', () => {
  test('is 8 bytes with BaseRegisterValuesOffset at 4, and six ULONGs behind it [layout.probed-bars-info]', () => {
    const info = newProbedBarsInfo();
    expect(info.byteLength).toBe(32);
    expect(hex(info.subarray(0, 8))).toBe('80 01 08 00 08 00 00 00');
    expect(parseProbedBarsInfo(info)).toBe(8);
    setBaseRegisterValues(info, 8, Uint32Array.of(0xffff_c00c, 0xffff_ffff, 1, 2, 3, 4));
    expect(hex(info.subarray(8, 20))).toBe('0C C0 FF FF FF FF FF FF 01 00 00 00');
    expect(baseRegisterValues(info)).toEqual([0xffff_c00c, 0xffff_ffff, 1, 2, 3, 4]);
  });

  test('leads to no values outside its buffer', () => {
    expect(parseProbedBarsInfo(newProbedBarsInfo().subarray(0, 7))).toBeUndefined();
    expect(baseRegisterValues(newProbedBarsInfo().subarray(0, 31))).toBeUndefined();
    const forged = newProbedBarsInfo();
    forged.set(bytes('FF FF FF FF'), 4);
    expect(baseRegisterValues(forged)).toBeUndefined();
  });
});

describe('NDIS_SRIOV_BAR_RESOURCES_INFO', () => {
  test('is 12 bytes: VFId at 4, BarIndex at 6, BarResourcesOffset at 8 [layout.bar-resources-info]', () => {
    const info = newBarResourcesInfo(0x0102, 2);
    expect(info.byteLength).toBe(32);
    expect(hex(info.subarray(0, 12))).toBe('80 01 0C 00 02 01 02 00 0C 00 00 00');
    expect(parseBarResourcesInfo(info)).toEqual({
      vfId: 0x0102,
      barIndex: 2,
      barResourcesOffset: 12,
    });
    expect(parseBarResourcesInfo(info.subarray(0, 11))).toBeUndefined();
  });

  test('has a CM_PARTIAL_RESOURCE_DESCRIPTOR behind it: Type at 0, Start at 4, Length at 12 [config-space.bar-resources]', () => {
    const info = newBarResourcesInfo(0, 0);
    setMemoryDescriptor(info, 12, { start: 0x0123_4567_89ab_c000n, length: 0x4000 });
    expect(hex(info.subarray(12))).toBe(
      '03 01 00 00 00 C0 AB 89 67 45 23 01 00 40 00 00 00 00 00 00',
    );
    expect(memoryOfBarResources(info)).toEqual({ start: 0x0123_4567_89ab_c000n, length: 0x4000 });
  });

  test('describes no memory with another type, or outside its buffer', () => {
    const info = newBarResourcesInfo(0, 0);
    expect(memoryOfBarResources(info)).toBeUndefined();
    setMemoryDescriptor(info, 12, { start: 0n, length: 1 });
    expect(memoryOfBarResources(info.subarray(0, 31))).toBeUndefined();
    info[12] = 7;
    expect(memoryOfBarResources(info)).toBeUndefined();
  });
});
