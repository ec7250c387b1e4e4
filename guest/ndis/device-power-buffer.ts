import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import { readUlong, writeUlong } from '#shared/ndis/object-header.ts';

/** The information buffer of OID_PNP_SET_POWER is one NDIS_DEVICE_POWER_STATE, without a header. */
export const SIZEOF_DEVICE_POWER_STATE = 4;

/** The information buffer of OID_PNP_SET_POWER. */
export function newDevicePowerBuffer(state: NdisDevicePowerState): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_DEVICE_POWER_STATE);
  writeUlong(bytes, 0, state);
  return bytes;
}

/** The power state in an information buffer; undefined when it is too short for one. */
export function parseDevicePowerBuffer(bytes: Uint8Array): NdisDevicePowerState | undefined {
  return bytes.byteLength < SIZEOF_DEVICE_POWER_STATE ? undefined : readUlong(bytes, 0);
}
