import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';

const BLOCK = 1;
const LENGTH = 4;
const READS = 8;
const PAUSE_MS = 1;

/** A VF that reads its block several times. */
export function blockReader() {
  return defineVfMiniport((adapter) => {
    async function readAgainAndAgain(): Promise<void> {
      for (let count = 0; count < READS; count++) {
        await adapter.ndisMReadConfigBlock(BLOCK, new Uint8Array(LENGTH), LENGTH);
        await delay(adapter.clock, PAUSE_MS);
      }
    }
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(readAgainAndAgain);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
    });
  });
}
