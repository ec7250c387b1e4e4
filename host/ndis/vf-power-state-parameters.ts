import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';

/**
 * NDIS_SRIOV_SET_VF_POWER_STATE_PARAMETERS: Header at 0, VFId at 4 (2, then 2 of padding), PowerState
 * at 8 (4), WakeEnable at 12 (1), 3 of padding. Source: ntddndis.h.
 */
const SIZEOF_SET_VF_POWER_STATE_PARAMETERS = 16;
/** NDIS_SIZEOF_SRIOV_SET_VF_POWER_STATE_PARAMETERS_REVISION_1 ends with its last member. */
export const NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS = 13;

/** What NDIS_SRIOV_SET_VF_POWER_STATE_PARAMETERS says. */
export interface VfPowerStateParameters {
  readonly vfId: number;
  readonly powerState: NdisDevicePowerState;
  /** Whether the VF may signal a wake event; FALSE for D0. */
  readonly wakeEnable: boolean;
}

export function newSetVfPowerStateParameters(parameters: VfPowerStateParameters): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_SET_VF_POWER_STATE_PARAMETERS);
  const view = viewOf(bytes);
  writeObjectHeader(view, NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS);
  view.setUint16(4, parameters.vfId, true);
  view.setUint32(8, parameters.powerState, true);
  view.setUint8(12, parameters.wakeEnable ? 1 : 0);
  return bytes;
}

/** The parameters in an information buffer; undefined when it holds no such structure. */
export function parseSetVfPowerStateParameters(
  bytes: Uint8Array,
): VfPowerStateParameters | undefined {
  if (!hasObjectHeader(bytes, NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS)) return undefined;
  const view = viewOf(bytes);
  return {
    vfId: view.getUint16(4, true),
    powerState: view.getUint32(8, true),
    wakeEnable: view.getUint8(12) !== 0,
  };
}
