import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { POWER, POWER_BLOCK } from './exclusive-pf.ts';

/**
 * A VF that enters its device when it starts, and leaves it when it halts; `triesAgain` is whether it
 * leaves a device that refuses it, in the name of the one who had it before, and enters it once more.
 */
export function enteringVf(triesAgain: boolean) {
  return defineVfMiniport((adapter) => {
    const write = (power: number): Promise<NdisStatus> =>
      adapter.ndisMWriteConfigBlock(POWER_BLOCK, Uint8Array.of(power), 1);
    return configBlockVf({
      async initialize() {
        const status = await write(POWER.enter);
        if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS || !triesAgain) return status;
        await write(POWER.exit);
        return await write(POWER.enter);
      },
      invalidated() {},
      async halt(action) {
        if (action === 'NdisHaltDeviceDisabled') await write(POWER.exit);
      },
    });
  });
}
