import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

const STATISTICS_BLOCK = 1;
const BYTES_PER_RING = 32;
const RINGS = 4;
const OPENS_AFTER_MS = 10;

/**
 * A VF that has no rings until it is opened, and sends the statistics of all of them whenever the PF
 * asks; `sized` is when it takes the memory for that.
 */
export function reporter(sized: 'atTheStart' | 'whenTheyAreSent') {
  return defineVfMiniport((adapter) => {
    let rings = 0;
    let statistics = new Uint8Array();
    const allocate = (): void => {
      statistics = new Uint8Array(rings * BYTES_PER_RING);
    };
    return configBlockVf({
      initialize() {
        allocate();
        adapter.clock.setTimer(OPENS_AFTER_MS, () => {
          rings = RINGS;
        });
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      async invalidated() {
        if (sized === 'whenTheyAreSent') allocate();
        await adapter.ndisMWriteConfigBlock(STATISTICS_BLOCK, statistics, rings * BYTES_PER_RING);
      },
    });
  });
}
