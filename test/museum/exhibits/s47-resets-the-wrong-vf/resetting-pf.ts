import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

/** A PF that keeps a block for each VF, and clears one when a VF is reset: that VF's, or the first. */
export function resettingPf(clears: 'it' | 'theFirst') {
  return definePfMiniport((adapter) => {
    const blocks: (Uint8Array | undefined)[] = [];
    return configBlockPf(adapter, {
      readBlock: (vfId, _blockId, length) => blocks[vfId] ?? new Uint8Array(length),
      writeBlock(vfId, _blockId, data) {
        blocks[vfId] = data;
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfReset(vfId) {
        blocks[clears === 'it' ? vfId : 0] = undefined;
      },
      vfFreed(vfId) {
        blocks[vfId] = undefined;
      },
    });
  });
}
