import {
  NDIS_DEVICE_POWER_STATE,
  type NdisDevicePowerState,
} from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS, type NdisStatus, ntStatusFromNdisStatus } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import type { PfNdis } from '../ndis/ndis.ts';
import { setVfPowerState } from './vf-oids.ts';
import type { VfInstance } from './vf-surroundings.ts';

const { NdisDeviceStateUnspecified, NdisDeviceStateD0, NdisDeviceStateD3 } =
  NDIS_DEVICE_POWER_STATE;

/** Completes what the guest asked for; `cause` is the trace event that led to it. */
type Respond = (completion: { readonly status: NtStatus }, cause?: number) => void;

/** The VF whose guest asks. */
export interface RequestedVf extends VfInstance {
  /** OID_SRIOV_RESET_VF; `complete` is called once, with the status of the PF miniport. */
  reset(cause: number, complete: (status: NdisStatus, cause: number) => void): void;
}

/**
 * What a guest asks for its device as a whole: another power state, or a reset. Each becomes an OID
 * of the PF miniport.
 *
 * The power of the device and that of its bus are two things: the channel carries blocks as soon as
 * the bus is in D0, whatever the state of the device, because they are messages to the PF and touch
 * no hardware of the VF. Linux guests say nothing of their device and exchange blocks all the same.
 *
 * One such request of a VF is under way at a time, as PnP sends a device one power IRP at a time; so
 * that a guest which floods them holds no more than one OID of the PF that all VFs share.
 */
export class DeviceRequests {
  readonly #ndis: PfNdis;
  readonly #vf: RequestedVf;
  #powerState: NdisDevicePowerState = NdisDeviceStateUnspecified;
  #isBusy = false;

  constructor(ndis: PfNdis, vf: RequestedVf) {
    this.#ndis = ndis;
    this.#vf = vf;
  }

  /** The state that the guest last gave its device; unspecified when it never said. */
  get powerState(): NdisDevicePowerState {
    return this.#powerState;
  }

  /** DEVICE_POWER_STATE_CHANGE. Published hosts take D0 and D3, and call any other bad data. */
  setPowerState(powerState: NdisDevicePowerState, respond: Respond, cause: number): void {
    if (powerState !== NdisDeviceStateD0 && powerState !== NdisDeviceStateD3) {
      respond({ status: NTSTATUS.STATUS_BAD_DATA });
      return;
    }
    if (!this.#begin(respond)) return;
    const { vfId, origin } = this.#vf;
    this.#ndis.oidRequest(setVfPowerState(vfId, powerState, origin, cause), (status, request) => {
      if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) this.#powerState = powerState;
      this.#end(respond, status, request.cause);
    });
  }

  /** RESET_DEVICE. */
  reset(respond: Respond, cause: number): void {
    if (!this.#begin(respond)) return;
    this.#vf.reset(cause, (status, completed) => this.#end(respond, status, completed));
  }

  #begin(respond: Respond): boolean {
    if (this.#isBusy) {
      respond({ status: NTSTATUS.STATUS_INVALID_DEVICE_REQUEST });
      return false;
    }
    this.#isBusy = true;
    return true;
  }

  #end(respond: Respond, status: NdisStatus, cause: number): void {
    this.#isBusy = false;
    respond({ status: ntStatusFromNdisStatus(status) }, cause);
  }
}
