import { NDIS_DEVICE_POWER_STATE } from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { defineVfMiniport, type VfMiniportFactory } from '../../ndis/vf-miniport.ts';
import { configBlockVf } from '../config-block-vf.ts';
import { counterSource } from '../counter-source.ts';
import type { ReadCounters } from '../machine-counters.ts';
import { HvVhcaVf } from './hv-vhca-vf.ts';
import { ndisDevice } from './ndis-device.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

export interface HvVhcaVfOptions {
  /** Where the statistics come from, instead of the machine's network interfaces. */
  readonly readCounters?: ReadCounters;
}

/** The VF miniport that speaks the blocks of mlx5's hv_vhca. */
export function createHvVhcaVf(options: HvVhcaVfOptions = {}): VfMiniportFactory {
  return defineVfMiniport((adapter) => {
    const readCounters = options.readCounters ?? counterSource(adapter.configuration);
    const vf = new HvVhcaVf(ndisDevice(adapter), readCounters);
    return configBlockVf({
      initialize: async () =>
        (await vf.start(adapter.configuration)) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE,
      invalidated: (_blocks, mask) => vf.invalidated(mask),
      setPower(state) {
        if (state === NDIS_DEVICE_POWER_STATE.NdisDeviceStateD0) vf.resume();
        else vf.pause();
      },
      halt: (action) => vf.stop(action !== 'NdisHaltDeviceDisabled'),
    });
  });
}

export default createHvVhcaVf();
