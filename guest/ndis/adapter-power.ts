import type { Logger } from 'pino';
import {
  devicePowerStateName,
  NDIS_DEVICE_POWER_STATE,
  type NdisDevicePowerState,
} from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import type { InvalidationLoop } from './invalidation-loop.ts';
import type { VfOids } from './vf-oids.ts';

/**
 * What NDIS does with an adapter whose device changes its power.
 *
 * It treats every miniport as one that asked to be neither halted nor paused when the system sleeps,
 * with NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND and NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND.
 * None can refuse: documents want success of each. Source: Microsoft Learn: OID_PNP_SET_POWER.
 */
export class AdapterPower {
  readonly #oids: VfOids;
  readonly #loop: InvalidationLoop;
  readonly #log: Logger;

  constructor(oids: VfOids, loop: InvalidationLoop, log: Logger) {
    this.#oids = oids;
    this.#loop = loop;
    this.#log = log;
  }

  /**
   * The device is about to leave D0: OID_PNP_SET_POWER with NdisDeviceStateD3. The pended IOCTL stays
   * pended; a mask that completes it waits until the miniport is in D0 again.
   */
  async suspend(): Promise<void> {
    this.#loop.pause();
    await this.#set(NDIS_DEVICE_POWER_STATE.NdisDeviceStateD3);
  }

  /** The device is in D0 again: OID_PNP_SET_POWER with NdisDeviceStateD0, then the masks that wait. */
  async resume(): Promise<void> {
    await this.#set(NDIS_DEVICE_POWER_STATE.NdisDeviceStateD0);
    this.#loop.resume();
  }

  /** A miniport that does not know the OID had nothing to prepare. */
  async #set(state: NdisDevicePowerState): Promise<void> {
    const status = await this.#oids.setPower(state);
    const { NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_SUPPORTED } = NDIS_STATUS;
    if (status === NDIS_STATUS_SUCCESS || status === NDIS_STATUS_NOT_SUPPORTED) return;
    const failure = { state: devicePowerStateName(state), status: ndisStatusName(status) };
    this.#log.warn(failure, 'the VF miniport failed OID_PNP_SET_POWER');
  }
}
