import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { MAILBOX_BLOCK, RESET_BLOCK } from './storing-pf.ts';

const LENGTH = 16;

/** A VF that looks into its mailbox, writes its own name to it, and clears it when it halts. */
export function tenant() {
  return defineVfMiniport((adapter) =>
    configBlockVf({
      async initialize() {
        await adapter.ndisMReadConfigBlock(MAILBOX_BLOCK, new Uint8Array(LENGTH), LENGTH);
        const name = Buffer.alloc(LENGTH);
        name.write(adapter.name);
        await adapter.ndisMWriteConfigBlock(MAILBOX_BLOCK, name, LENGTH);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
      async halt() {
        await adapter.ndisMWriteConfigBlock(RESET_BLOCK, Uint8Array.of(1), 1);
      },
    }),
  );
}
