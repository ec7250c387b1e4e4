/**
 * NDIS_DEVICE_POWER_STATE, whose numbers are those of DEVICE_POWER_STATE on the channel: D0 is full
 * power, D3 is off. Source: ntddndis.h.
 */
export const NDIS_DEVICE_POWER_STATE = {
  NdisDeviceStateUnspecified: 0,
  NdisDeviceStateD0: 1,
  NdisDeviceStateD1: 2,
  NdisDeviceStateD2: 3,
  NdisDeviceStateD3: 4,
} as const;

/** A power state: an open number, since a peer or an issuer may name one that there is not. */
export type NdisDevicePowerState = number;

const names = new Map<NdisDevicePowerState, string>(
  Object.entries(NDIS_DEVICE_POWER_STATE).map(([name, value]) => [value, name]),
);

/** `NdisDeviceStateD3`, or the bare number where there is no such state. */
export function devicePowerStateName(state: NdisDevicePowerState): string {
  return names.get(state) ?? String(state);
}

/** Whether a device can be taken into this state: one of D0 to D3. */
export function isDevicePowerState(state: NdisDevicePowerState): boolean {
  return state !== NDIS_DEVICE_POWER_STATE.NdisDeviceStateUnspecified && names.has(state);
}
