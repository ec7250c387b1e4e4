import {
  isDevicePowerState,
  NDIS_DEVICE_POWER_STATE,
  type NdisDevicePowerState,
} from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { refuseShortInput } from '../ndis/information-length.ts';
import {
  NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS,
  parseSetVfPowerStateParameters,
} from '../ndis/vf-power-state-parameters.ts';

const { NdisDeviceStateD0 } = NDIS_DEVICE_POWER_STATE;

/**
 * The power states of the VFs of a NIC switch. Documents do not say in which one a VF begins; the
 * choice is D0, which PCI Express gives a function after a reset.
 */
export class VfPowerStates {
  readonly #states = new Map<number, NdisDevicePowerState>();

  /** A VF was allocated or reset. */
  begin(vfId: number): void {
    this.#states.set(vfId, NdisDeviceStateD0);
  }

  /** A VF was freed. */
  end(vfId: number): void {
    this.#states.delete(vfId);
  }

  /** The power state of a VF; undefined when it is not allocated. */
  of(vfId: number): NdisDevicePowerState | undefined {
    return this.#states.get(vfId);
  }

  /**
   * Serves OID_SRIOV_SET_VF_POWER_STATE; `changed` is told of the VF and its state, once it is set.
   * Source: Microsoft Learn: OID_SRIOV_SET_VF_POWER_STATE.
   */
  set(
    request: NdisOidRequest,
    changed: (vfId: number, state: NdisDevicePowerState) => void,
  ): NdisStatus {
    const short = refuseShortInput(request, NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS);
    if (short !== undefined) return short;
    const parameters = parseSetVfPowerStateParameters(request.informationBuffer);
    if (parameters === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    const { vfId, powerState, wakeEnable } = parameters;
    const wakesFromD0 = wakeEnable && powerState === NdisDeviceStateD0;
    if (!this.#states.has(vfId) || !isDevicePowerState(powerState) || wakesFromD0) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    this.#states.set(vfId, powerState);
    request.bytesRead = NDIS_SIZEOF_SET_VF_POWER_STATE_PARAMETERS;
    changed(vfId, powerState);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}
