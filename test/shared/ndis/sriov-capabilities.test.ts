import { describe, expect, test } from 'vitest';
import {
  capabilitiesOf,
  NDIS_SRIOV_CAPS,
  newSriovCapabilities,
  parseSriovCapabilities,
  sriovCapsNames,
} from '#shared/ndis/sriov-capabilities.ts';
import { hex } from '#test/support/hex.ts';

describe('NDIS_SRIOV_CAPABILITIES', () => {
  test('is 12 bytes with SriovCapabilities at 8 [layout.sriov-capabilities]', () => {
    const structure = newSriovCapabilities(5);
    expect(hex(structure)).toBe('80 01 0C 00 00 00 00 00 05 00 00 00');
    expect(parseSriovCapabilities(structure)).toBe(5);
  });

  test.each([
    ['11 bytes', newSriovCapabilities(3).subarray(0, 11)],
    ['another type', newSriovCapabilities(3).fill(0x81, 0, 1)],
    ['a smaller size', newSriovCapabilities(3).fill(11, 2, 3)],
  ])('is not found in %s', (_what, bytes) => {
    expect(parseSriovCapabilities(bytes)).toBeUndefined();
  });

  test('its flags have their documented values [constants.sriov-capabilities]', () => {
    expect(NDIS_SRIOV_CAPS).toEqual({
      NDIS_SRIOV_CAPS_SRIOV_SUPPORTED: 1,
      NDIS_SRIOV_CAPS_PF_MINIPORT: 2,
      NDIS_SRIOV_CAPS_VF_MINIPORT: 4,
    });
  });

  test('a PF has 3 and a VF 5 [contradiction.vf-capabilities]', () => {
    expect(capabilitiesOf('NdisHypervisorPartitionTypeMsHvParent')).toBe(3);
    expect(capabilitiesOf('NdisHypervisorPartitionMsHvChild')).toBe(5);
  });

  test('names its flags, and says when there is none', () => {
    expect(sriovCapsNames(5)).toBe(
      'NDIS_SRIOV_CAPS_SRIOV_SUPPORTED | NDIS_SRIOV_CAPS_VF_MINIPORT (5)',
    );
    expect(sriovCapsNames(8)).toBe('none (8)');
  });
});
