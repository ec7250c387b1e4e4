import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

const LINK_BLOCK = 1;
const OPENS_AFTER_MS = 20;

/**
 * A VF that reads the link state when it starts, and listens to link events from when it is opened;
 * `looksAgain` is whether it then reads the state that it may have missed an event of.
 */
export function linkWatcher(looksAgain: boolean) {
  return defineVfMiniport((adapter) => {
    let isListening = false;
    const readLink = async (): Promise<void> => {
      const buffer = new Uint8Array(VERSIONED_LENGTH);
      await adapter.ndisMReadConfigBlock(LINK_BLOCK, buffer, VERSIONED_LENGTH);
    };
    const open = (): void => {
      isListening = true;
      if (looksAgain) adapter.ndisQueueIoWorkItem(readLink);
    };
    return configBlockVf({
      async initialize() {
        await readLink();
        adapter.clock.setTimer(OPENS_AFTER_MS, open);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      async invalidated() {
        if (isListening) await readLink();
      },
    });
  });
}
