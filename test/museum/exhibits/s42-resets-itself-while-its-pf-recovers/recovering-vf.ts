import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import {
  MAIL_LENGTH,
  mailBytes,
  parseMail,
  REPLY_BLOCK,
  REQUEST_BLOCK,
} from '../../drivers/mail.ts';
import { MailboxClient } from '../../drivers/mailbox-vf.ts';
import { COMMAND, STATE, STATE_BLOCK } from './recovering-pf.ts';

/** Whether closing the device resets the VF when the PF has just done so. */
export type Closes = 'withAReset' | 'withoutOne';

const POLLS_EVERY_MS = 1;
/** Between the configuration of the queues and their start much else is set up. */
const SET_UP_TAKES_MS = 20;

/** A VF that, when its PF has reset it, closes its device and opens it anew. */
export function recoveringVf(closes: Closes) {
  return defineVfMiniport((adapter) => {
    const client = new MailboxClient(adapter, {
      timeoutMs: 500,
      answers: (request, reply) => request.matchId === reply.matchId,
    });
    const recover = async (): Promise<void> => {
      await resetDone(adapter);
      if (closes === 'withAReset') await sendReset(adapter);
      await open(adapter, client);
    };
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(() => open(adapter, client));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      async invalidated(blocks) {
        if (blocks.includes(REPLY_BLOCK)) await client.replied();
        if (blocks.includes(STATE_BLOCK)) adapter.ndisQueueIoWorkItem(recover);
      },
    });
  });
}

/** Nobody answers this command. */
async function sendReset(adapter: VfAdapter): Promise<void> {
  const bytes = mailBytes({ code: COMMAND.resetVf, matchId: 0, value: 0 });
  await adapter.ndisMWriteConfigBlock(REQUEST_BLOCK, bytes, MAIL_LENGTH);
}

/** Opening begins with the wait for the end of a reset, if one is under way. */
async function open(adapter: VfAdapter, client: MailboxClient): Promise<void> {
  await resetDone(adapter);
  await client.request(COMMAND.configureQueues, 0);
  await delay(adapter.clock, SET_UP_TAKES_MS);
  await client.request(COMMAND.enableQueues, 0);
}

async function resetDone(adapter: VfAdapter): Promise<void> {
  const buffer = new Uint8Array(MAIL_LENGTH);
  do {
    await delay(adapter.clock, POLLS_EVERY_MS);
    const status = await adapter.ndisMReadConfigBlock(STATE_BLOCK, buffer, MAIL_LENGTH);
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return;
  } while (parseMail(buffer).code === STATE.inReset);
}
