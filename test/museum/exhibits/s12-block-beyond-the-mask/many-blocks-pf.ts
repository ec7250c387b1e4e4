import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

/** Invalidated in place of every block that has no bit of its own. */
export const DIRECTORY_BLOCK = 0;
/** The block that changes. */
export const FAR_BLOCK = 70;
const MASK_BITS = 64;

/**
 * The mask with which a change of a block is told: with a shift as a processor of 64 bits does it, which
 * takes the number of places modulo 64; or with the directory for all blocks that a mask cannot name.
 */
function maskOf(blockId: number, how: 'shifts' | 'namesADirectory'): bigint {
  if (how === 'shifts') return 1n << BigInt(blockId % MASK_BITS);
  return 1n << BigInt(blockId < MASK_BITS ? blockId : DIRECTORY_BLOCK);
}

/** A PF with more than 64 blocks; `ChangesAtMs` is when the far one changes. */
export function manyBlocksPf(how: 'shifts' | 'namesADirectory') {
  return definePfMiniport((adapter) => {
    const vfs = new Set<number>();
    let version = 1;
    return configBlockPf(adapter, {
      initialize() {
        adapter.clock.setTimer(Number(adapter.configuration.get('ChangesAtMs')), () => {
          version++;
          for (const vfId of vfs) adapter.ndisMInvalidateConfigBlock(vfId, maskOf(FAR_BLOCK, how));
        });
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      readBlock(_vfId, blockId, length) {
        const data = Buffer.alloc(length);
        data.writeUInt32LE(blockId === FAR_BLOCK ? version : 1);
        return data;
      },
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
      vfAllocated: (vfId) => void vfs.add(vfId),
      vfFreed: (vfId) => void vfs.delete(vfId),
    });
  });
}
