import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';
import { DIRECTORY_BLOCK, FAR_BLOCK } from './many-blocks-pf.ts';

/** A VF that reads the far block, and what is invalidated; for the directory, the far block again. */
export function followingVf() {
  return defineVfMiniport((adapter) => {
    const read = async (blockId: number): Promise<void> => {
      const buffer = new Uint8Array(VERSIONED_LENGTH);
      await adapter.ndisMReadConfigBlock(blockId, buffer, VERSIONED_LENGTH);
    };
    return configBlockVf({
      async initialize() {
        await read(FAR_BLOCK);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      async invalidated(blocks) {
        for (const blockId of blocks) await read(blockId === DIRECTORY_BLOCK ? FAR_BLOCK : blockId);
      },
    });
  });
}
