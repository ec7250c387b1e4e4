import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

/** It has words of four bytes, little-endian: how many VLANs there are, and each of them. */
export const VLANS_BLOCK = 1;
export const WORD_BYTES = 4;

export const VLANS: readonly number[] = [10, 20, 30];

/** A PF that tells its VFs which VLANs they are in, in a block that is as long as the list. */
export function listingPf() {
  return definePfMiniport((adapter) =>
    configBlockPf(adapter, {
      readBlock() {
        const block = Buffer.alloc(WORD_BYTES * (1 + VLANS.length));
        for (const [index, word] of [VLANS.length, ...VLANS].entries()) {
          block.writeUInt32LE(word, index * WORD_BYTES);
        }
        return block;
      },
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
    }),
  );
}
