import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

export const MAILBOX_BLOCK = 1;
/** A write to it is the wish of a driver that halts in good order: forget what I have set up. */
export const RESET_BLOCK = 2;

/**
 * A PF that keeps what its VFs wrote to their mailbox: until the VF asks it to forget, or until the
 * VF is freed at the latest.
 */
export function storingPf(forgets: 'whenAsked' | 'whenFreed') {
  return definePfMiniport((adapter) => {
    const mailboxes = new Map<number, Uint8Array>();
    return configBlockPf(adapter, {
      readBlock: (vfId, _blockId, length) => mailboxes.get(vfId) ?? new Uint8Array(length),
      writeBlock(vfId, blockId, data) {
        if (blockId === RESET_BLOCK) mailboxes.delete(vfId);
        else mailboxes.set(vfId, data);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfFreed(vfId) {
        if (forgets === 'whenFreed') mailboxes.delete(vfId);
      },
    });
  });
}
