import { describe, expect, test } from 'vitest';
import {
  devicePowerStateName,
  isDevicePowerState,
  NDIS_DEVICE_POWER_STATE,
} from '#shared/ndis/device-power-state.ts';

describe('NDIS_DEVICE_POWER_STATE', () => {
  test('counts from unspecified to D3 [constants.device-power-state]', () => {
    expect(NDIS_DEVICE_POWER_STATE).toEqual({
      NdisDeviceStateUnspecified: 0,
      NdisDeviceStateD0: 1,
      NdisDeviceStateD1: 2,
      NdisDeviceStateD2: 3,
      NdisDeviceStateD3: 4,
    });
  });

  test.each([
    [0, 'NdisDeviceStateUnspecified', false],
    [1, 'NdisDeviceStateD0', true],
    [4, 'NdisDeviceStateD3', true],
    [5, '5', false],
    [0xffff_ffff, '4294967295', false],
  ])('%i prints as %s; a device can be taken into it: %s', (state, name, isState) => {
    expect(devicePowerStateName(state)).toBe(name);
    expect(isDevicePowerState(state)).toBe(isState);
  });
});
