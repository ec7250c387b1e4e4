import type { MacAddress } from '#shared/reference-nic/mac-address.ts';
import { NDIS_INVALID_VF_FUNCTION_ID } from '../../ndis/function-id.ts';

/** A locally administered prefix; the VFId follows in two bytes. */
const PREFIX = '02:15:5d:00:';

const DEFAULT_ADDRESS = /^02:15:5d:00:([0-9a-f]{2}):([0-9a-f]{2})$/;

/** The address of a VF to which the configuration gives none: `02:15:5d:00:00:03` for VFId 3. */
export function defaultMacAddress(vfId: number): MacAddress {
  const digits = vfId.toString(16).padStart(4, '0');
  return `${PREFIX}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** The VFId whose default address this is; undefined when it is nobody's. */
export function vfIdOfDefaultMacAddress(address: MacAddress): number | undefined {
  const [, high, low] = DEFAULT_ADDRESS.exec(address) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const vfId = Number.parseInt(high + low, 16);
  return vfId === NDIS_INVALID_VF_FUNCTION_ID ? undefined : vfId;
}
