import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { parseMail, REPLY_BLOCK } from '../../drivers/mail.ts';

/**
 * A PF that serves each request of a VF once: one whose number is not above the last is a repetition.
 * What it does with the number of the last when the VF is freed makes the difference.
 */
export function numberingPf(whenFreed: 'forgets' | 'remembers') {
  return definePfMiniport((adapter) => {
    const last = new Map<number, number>();
    const replies = new Map<number, Uint8Array>();
    return configBlockPf(adapter, {
      readBlock: (vfId, _blockId, length) => replies.get(vfId) ?? new Uint8Array(length),
      writeBlock(vfId, _blockId, data) {
        const { matchId } = parseMail(data);
        if (matchId <= (last.get(vfId) ?? 0)) return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        last.set(vfId, matchId);
        replies.set(vfId, data);
        adapter.ndisMInvalidateConfigBlock(vfId, 1n << BigInt(REPLY_BLOCK));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfFreed(vfId) {
        replies.delete(vfId);
        if (whenFreed === 'forgets') last.delete(vfId);
      },
    });
  });
}
