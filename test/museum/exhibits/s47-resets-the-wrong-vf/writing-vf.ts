import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';

const BLOCK = 1;
const LENGTH = 16;
const READS_AFTER_MS = 500;

/** A VF that writes its name to its block when it starts, and reads it half a second later. */
export function writingVf() {
  return defineVfMiniport((adapter) => {
    const readLater = async (): Promise<void> => {
      await delay(adapter.clock, READS_AFTER_MS);
      await adapter.ndisMReadConfigBlock(BLOCK, new Uint8Array(LENGTH), LENGTH);
    };
    return configBlockVf({
      async initialize() {
        const name = Buffer.alloc(LENGTH);
        name.write(adapter.name);
        await adapter.ndisMWriteConfigBlock(BLOCK, name, LENGTH);
        adapter.ndisQueueIoWorkItem(readLater);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
    });
  });
}
