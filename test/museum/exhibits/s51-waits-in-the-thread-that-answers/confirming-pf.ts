import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { REPLY_BLOCK, REQUEST_BLOCK } from '../../drivers/mail.ts';

/** A VF writes to it that it has seen what the PF told it. */
export const CONFIRM_BLOCK = 3;
const PATIENCE_MS = 1000;

/**
 * A PF that tells a VF of what has changed with its request, and waits up to a second until the VF has
 * confirmed that: within the OID request that brought the VF's request, or after it.
 */
export function confirmingPf(waits: 'withinIt' | 'afterIt') {
  return definePfMiniport((adapter) => {
    const waiting = new Map<number, AbortController>();
    async function change(vfId: number): Promise<number> {
      const confirmed = new AbortController();
      waiting.set(vfId, confirmed);
      adapter.ndisMInvalidateConfigBlock(vfId, 1n << BigInt(REPLY_BLOCK));
      await delay(adapter.clock, PATIENCE_MS, confirmed.signal);
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    }
    return configBlockPf(adapter, {
      readBlock: (_vfId, _blockId, length) => new Uint8Array(length),
      writeBlock(vfId, blockId) {
        if (blockId === CONFIRM_BLOCK) waiting.get(vfId)?.abort();
        if (blockId !== REQUEST_BLOCK) return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        const changed = change(vfId);
        return waits === 'withinIt' ? changed : NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
    });
  });
}
