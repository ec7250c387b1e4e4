import { describe, expect, test } from 'vitest';
import {
  readCountedString,
  SIZEOF_COUNTED_STRING,
  writeCountedString,
} from '#host/ndis/counted-string.ts';
import {
  NDIS_DEFAULT_SWITCH_ID,
  NDIS_INVALID_RID,
  NDIS_INVALID_SWITCH_ID,
  NDIS_INVALID_VF_FUNCTION_ID,
  ndisMakeRid,
} from '#host/ndis/function-id.ts';
import {
  newDeleteSwitchParameters,
  newNicSwitchParameters,
  parseNicSwitchParameters,
} from '#host/ndis/nic-switch-parameters.ts';
import { newVfParameters, parseVfParameters, setVfId } from '#host/ndis/vf-parameters.ts';
import {
  newSetVfPowerStateParameters,
  parseSetVfPowerStateParameters,
} from '#host/ndis/vf-power-state-parameters.ts';
import {
  newFreeVfParameters,
  newResetVfParameters,
  newVendorDeviceIdInfo,
  parseFreeVfParameters,
  parseResetVfParameters,
  parseVendorDeviceIdInfo,
  setVendorDeviceId,
} from '#host/ndis/vf-requests.ts';
import { bytes, hex } from '#test/support/hex.ts';

describe('function ids', () => {
  test('the sentinels have their documented values [constants.function-id] [constants.rid] [constants.default-switch-id] [constants.invalid-switch-id]', () => {
    expect(NDIS_INVALID_VF_FUNCTION_ID).toBe(0xffff);
    expect(NDIS_INVALID_RID).toBe(0xffff_ffff);
    expect(NDIS_DEFAULT_SWITCH_ID).toBe(0);
    expect(NDIS_INVALID_SWITCH_ID).toBe(0xffff_ffff);
  });

  test('NDIS_MAKE_RID puts segment, bus and function side by side [constants.rid]', () => {
    expect(ndisMakeRid(0, 1, 2)).toBe(0x0102);
    expect(ndisMakeRid(0xffff, 0xff, 0xff)).toBe(0xffff_ffff);
  });
});

describe('NDIS_IF_COUNTED_STRING', () => {
  test('has its length in bytes, then UTF-16 [layout.if-counted-string]', () => {
    const written = new Uint8Array(SIZEOF_COUNTED_STRING);
    writeCountedString(written, 0, 'g1é');
    expect(SIZEOF_COUNTED_STRING).toBe(516);
    expect(hex(written.subarray(0, 9))).toBe('06 00 67 00 31 00 E9 00 00');
    expect(readCountedString(written, 0)).toBe('g1é');
  });

  test('holds 256 characters; what is longer is cut [constants.string-and-address-room]', () => {
    const written = new Uint8Array(SIZEOF_COUNTED_STRING + 1).fill(0xee);
    writeCountedString(written, 0, 'x'.repeat(300));
    expect(readCountedString(written, 0)).toBe('x'.repeat(256));
    expect(hex(written.subarray(0, 2))).toBe('00 02');
    expect(written[514]).toBe(0xee);
  });

  test('with a length beyond its room is read no further than its room', () => {
    const forged = new Uint8Array(SIZEOF_COUNTED_STRING + 4).fill(0x41);
    forged.set(bytes('FF FF'));
    expect(readCountedString(forged, 0)).toHaveLength(256);
  });
});

describe('NDIS_NIC_SWITCH_PARAMETERS', () => {
  test('is 548 bytes with SwitchType at 8, SwitchId at 12, the name at 16 and NumVFs at 532 [layout.nic-switch-parameters]', () => {
    const written = newNicSwitchParameters('Switch', 64);
    expect(written.byteLength).toBe(548);
    expect(hex(written.subarray(0, 20))).toBe(
      '80 01 24 02 00 00 00 00 01 00 00 00 00 00 00 00 0C 00 53 00',
    );
    expect(hex(written.subarray(532, 536))).toBe('40 00 00 00');
    expect(parseNicSwitchParameters(written)).toEqual({
      flags: 0,
      switchId: 0,
      friendlyName: 'Switch',
      numVfs: 64,
    });
  });

  test('is not found in a shorter buffer', () => {
    expect(
      parseNicSwitchParameters(newNicSwitchParameters('', 1).subarray(0, 547)),
    ).toBeUndefined();
  });

  test('to delete the switch there are 12 bytes with SwitchId at 8 [layout.delete-switch-parameters]', () => {
    expect(hex(newDeleteSwitchParameters(7))).toBe('80 01 0C 00 00 00 00 00 07 00 00 00');
  });
});

describe('NDIS_NIC_SWITCH_VF_PARAMETERS', () => {
  const names = { vmName: 'g1', vmFriendlyName: 'guest one', nicName: 'g1--0' };
  const addresses = {
    permanentMacAddress: bytes('02 15 5D 00 00 01'),
    currentMacAddress: bytes('02 15 5D 00 00 02'),
  };
  const written = newVfParameters({ ...names, ...addresses });

  test('is 1632 bytes, and asks for no VFId and no RID, which are the answer [layout.vf-parameters]', () => {
    expect(written.byteLength).toBe(1632);
    expect(hex(written.subarray(0, 4))).toBe('80 01 60 06');
    expect(hex(written.subarray(1626, 1632))).toBe('FF FF FF FF FF FF');
  });

  test.each([
    ['VMName', 12, '04 00 67 00 31 00'],
    ['VMFriendlyName', 528, '12 00 67 00 75 00'],
    ['NicName', 1044, '0A 00 67 00 31 00'],
    ['MacAddressLength', 1560, '06 00'],
    ['PermanentMacAddress', 1562, '02 15 5D 00 00 01 00'],
    ['CurrentMacAddress', 1594, '02 15 5D 00 00 02 00'],
  ])(
    'has %s at %i [layout.vf-parameters] [constants.string-and-address-room]',
    (_name, offset, expected) => {
      const length = expected.split(' ').length;
      expect(hex(written.subarray(offset, offset + length))).toBe(expected);
    },
  );

  test('is read as it was written, with the answer of the PF', () => {
    const answered = written.slice();
    setVfId(answered, 3, 0x0104);
    expect(parseVfParameters(answered)).toEqual({
      ...names,
      ...addresses,
      switchId: 0,
      vfId: 3,
      requestorId: 0x0104,
    });
    expect(parseVfParameters(answered.subarray(1))).toBeUndefined();
  });
});

describe('the small structures that name a VF', () => {
  test('NDIS_NIC_SWITCH_FREE_VF_PARAMETERS: VFId at 8, a header of 10 bytes, a sizeof of 12 [layout.free-vf-parameters] [layout.header-size]', () => {
    expect(hex(newFreeVfParameters(0x0102))).toBe('80 01 0A 00 00 00 00 00 02 01 00 00');
    expect(parseFreeVfParameters(bytes('80 01 0A 00 00 00 00 00 02 01'))).toBe(0x0102);
    expect(parseFreeVfParameters(bytes('80 01 0A 00 00 00 00 00 02'))).toBeUndefined();
  });

  test('NDIS_SRIOV_RESET_VF_PARAMETERS: VFId at 4, 6 bytes [layout.reset-vf-parameters]', () => {
    expect(hex(newResetVfParameters(0x0102))).toBe('80 01 06 00 02 01');
    expect(parseResetVfParameters(bytes('80 01 06 00 02 01'))).toBe(0x0102);
    expect(parseResetVfParameters(bytes('80 01 06 00 02'))).toBeUndefined();
  });

  test('NDIS_SRIOV_SET_VF_POWER_STATE_PARAMETERS: VFId at 4, PowerState at 8, WakeEnable at 12, 13 bytes of 16 [layout.set-vf-power-state-parameters] [layout.header-size]', () => {
    const toD3 = { vfId: 0x0102, powerState: 4, wakeEnable: true };
    const written = newSetVfPowerStateParameters(toD3);
    expect(hex(written)).toBe('80 01 0D 00 02 01 00 00 04 00 00 00 01 00 00 00');
    expect(parseSetVfPowerStateParameters(written.subarray(0, 13))).toEqual(toD3);
    expect(parseSetVfPowerStateParameters(written.subarray(0, 12))).toBeUndefined();
    expect(hex(newSetVfPowerStateParameters({ ...toD3, powerState: 1, wakeEnable: false }))).toBe(
      '80 01 0D 00 02 01 00 00 01 00 00 00 00 00 00 00',
    );
  });

  test('NDIS_SRIOV_VF_VENDOR_DEVICE_ID_INFO: VFId at 4, VendorId at 6, DeviceId at 8, 10 bytes [layout.vf-vendor-device-id-info]', () => {
    const info = newVendorDeviceIdInfo(3);
    setVendorDeviceId(info, 0x15b3, 0x1016);
    expect(hex(info)).toBe('80 01 0A 00 03 00 B3 15 16 10');
    expect(parseVendorDeviceIdInfo(info)).toEqual({ vfId: 3, vendorId: 0x15b3, deviceId: 0x1016 });
    expect(parseVendorDeviceIdInfo(info.subarray(0, 9))).toBeUndefined();
  });
});
