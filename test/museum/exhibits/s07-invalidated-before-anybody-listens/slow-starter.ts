import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

const CONFIGURATION_BLOCK = 1;
const QUEUES_TAKE_MS = 20;

/** A VF that reads its configuration first, and then sets up its queues, before it has started. */
export const slowStarter = defineVfMiniport((adapter) => {
  const readConfiguration = async (): Promise<void> => {
    const buffer = new Uint8Array(VERSIONED_LENGTH);
    await adapter.ndisMReadConfigBlock(CONFIGURATION_BLOCK, buffer, VERSIONED_LENGTH);
  };
  return configBlockVf({
    async initialize() {
      await readConfiguration();
      await delay(adapter.clock, QUEUES_TAKE_MS);
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    },
    invalidated: readConfiguration,
  });
});
