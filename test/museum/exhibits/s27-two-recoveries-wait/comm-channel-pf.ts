import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { REPLY_BLOCK, REQUEST_BLOCK } from '../../drivers/mail.ts';

/** One byte: whether the comm channel of the VF works. */
export const HEALTH_BLOCK = 3;
export const HEALTH = { works: 0, disabled: 1 } as const;

/** A PF that takes commands of a VF until that is reset: then the VF's comm channel is disabled. */
export function commChannelPf() {
  return definePfMiniport((adapter) => {
    const disabled = new Set<number>();
    return configBlockPf(adapter, {
      readBlock(vfId, blockId, length) {
        if (blockId !== HEALTH_BLOCK) return new Uint8Array(length);
        return Uint8Array.of(disabled.has(vfId) ? HEALTH.disabled : HEALTH.works);
      },
      writeBlock(vfId, blockId) {
        const isTaken = blockId === REQUEST_BLOCK && !disabled.has(vfId);
        if (isTaken) adapter.ndisMInvalidateConfigBlock(vfId, 1n << BigInt(REPLY_BLOCK));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfReset: (vfId) => void disabled.add(vfId),
      vfFreed: (vfId) => void disabled.delete(vfId),
    });
  });
}
