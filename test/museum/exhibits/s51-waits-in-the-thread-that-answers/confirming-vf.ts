import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { REQUEST_BLOCK } from '../../drivers/mail.ts';
import { CONFIRM_BLOCK } from './confirming-pf.ts';

/** A VF that asks the PF for a change, and confirms whatever it is told. */
export function confirmingVf() {
  return defineVfMiniport((adapter) => {
    const write = async (blockId: number): Promise<void> => {
      await adapter.ndisMWriteConfigBlock(blockId, Uint8Array.of(1), 1);
    };
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(() => write(REQUEST_BLOCK));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated: () => write(CONFIRM_BLOCK),
    });
  });
}
