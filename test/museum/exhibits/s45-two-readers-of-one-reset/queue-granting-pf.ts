import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { mailBytes, parseMail, REQUEST_BLOCK } from '../../drivers/mail.ts';

/** The state of the VF's hardware, as the code of a mail: what VFGEN_RSTAT is to iavf. */
export const STATE_BLOCK = 2;
export const STATE = { active: 0, inReset: 1 } as const;

/** What a VF asks. The PF answers REQUEST_QUEUES with a reset, after which the queues are there. */
export const COMMAND = { requestQueues: 29, configureQueues: 6 } as const;

const RESET_BEGINS_MS = 1;
const RESET_TAKES_MS = 10;

/** A PF that gives a VF more queues by resetting it. */
export function queueGrantingPf() {
  return definePfMiniport((adapter) => {
    const inReset = new Set<number>();
    const reset = async (vfId: number): Promise<void> => {
      await delay(adapter.clock, RESET_BEGINS_MS);
      inReset.add(vfId);
      await delay(adapter.clock, RESET_TAKES_MS);
      inReset.delete(vfId);
    };
    return configBlockPf(adapter, {
      readBlock(vfId) {
        const code = inReset.has(vfId) ? STATE.inReset : STATE.active;
        return mailBytes({ code, matchId: 0, value: 0 });
      },
      writeBlock(vfId, blockId, data) {
        const isAsked = blockId === REQUEST_BLOCK && parseMail(data).code === COMMAND.requestQueues;
        if (isAsked) void reset(vfId);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfFreed: (vfId) => void inReset.delete(vfId),
    });
  });
}
