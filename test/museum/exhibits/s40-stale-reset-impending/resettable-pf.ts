import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { MAIL_LENGTH, type Mail, mailBytes } from '../../drivers/mail.ts';

/** The last event that the PF has sent: a mail with one of {@link EVENT}. */
export const EVENT_BLOCK = 1;
export const EVENT = { none: 0, resetImpending: 1 } as const;
/** The state of the VF's hardware: a mail with one of {@link STATE}, and the number of resets so far. */
export const STATE_BLOCK = 2;
export const STATE = { active: 0, inReset: 1 } as const;

const ANNOUNCED_MS = 1;
const RESET_TAKES_MS = 10;

/** A PF that resets all VFs at the time of the keyword `ResetAtMs`, and announces it just before. */
export function resettablePf() {
  return definePfMiniport((adapter) => {
    const { clock, configuration } = adapter;
    const vfs = new Set<number>();
    let event: number = EVENT.none;
    let state: number = STATE.active;
    let resets = 0;
    async function reset(): Promise<void> {
      event = EVENT.resetImpending;
      for (const vfId of vfs) adapter.ndisMInvalidateConfigBlock(vfId, 1n << BigInt(EVENT_BLOCK));
      await delay(clock, ANNOUNCED_MS);
      state = STATE.inReset;
      // The queue of events is in the hardware that is reset.
      event = EVENT.none;
      await delay(clock, RESET_TAKES_MS);
      state = STATE.active;
      resets++;
    }
    return configBlockPf(adapter, {
      initialize() {
        clock.setTimer(Number(configuration.get('ResetAtMs')), () => void reset());
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      readBlock(_vfId, blockId) {
        const mail: Mail =
          blockId === EVENT_BLOCK
            ? { code: event, matchId: 0, value: 0 }
            : { code: state, matchId: 0, value: resets };
        return mailBytes(mail).subarray(0, MAIL_LENGTH);
      },
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
      vfAllocated: (vfId) => void vfs.add(vfId),
      vfFreed: (vfId) => void vfs.delete(vfId),
    });
  });
}
