import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { MAIL_LENGTH } from '../../drivers/mail.ts';
import { AdminQueue, type WhenTold } from './admin-queue.ts';

const GET_VF_RESOURCES = 3;
const GET_STATS = 15;
const GET_MAX_RSS_QREGION = 40;

/** What the PF has for each command, by code. */
const ANSWERS: ReadonlyMap<number, number> = new Map([
  [GET_VF_RESOURCES, 4],
  [GET_STATS, 1500],
  [GET_MAX_RSS_QREGION, 16],
]);

export function answerTo(code: number): number {
  return ANSWERS.get(code) ?? 0;
}

/**
 * A VF that asks three times: before events come, into a buffer of its own; after that into the
 * driver's, as most callers do; and then into its own again.
 */
export function askingVf(whenTold: WhenTold) {
  return defineVfMiniport((adapter) => {
    const queue = new AdminQueue(adapter, whenTold);
    const ask = async (code: number, out: Uint8Array): Promise<void> => {
      await queue.execute(code, out);
      await queue.report(code, out);
    };
    return configBlockVf({
      async initialize() {
        await ask(GET_VF_RESOURCES, new Uint8Array(MAIL_LENGTH));
        queue.enableEvents();
        adapter.ndisQueueIoWorkItem(async () => {
          await ask(GET_STATS, queue.response);
          await ask(GET_MAX_RSS_QREGION, new Uint8Array(MAIL_LENGTH));
        });
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated: () => queue.event(),
    });
  });
}
