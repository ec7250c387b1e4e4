import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { MAIL_LENGTH, parseMail, REPLY_BLOCK } from '../../drivers/mail.ts';
import { MailboxClient } from '../../drivers/mailbox-vf.ts';
import { ACK_BLOCK, CTS, PING_BLOCK, REQUEST } from './pinging-pf.ts';

const ASKS_EVERY_MS = 20;
const QUESTIONS = 10;

/**
 * A VF that introduces itself to the PF, asks for the state of the link now and then, and acknowledges
 * each message that it is cleared for. The one called `sleeper` is there, and its interface is not up.
 */
export function pingedVf(sleeper: string) {
  return defineVfMiniport((adapter) => {
    const client = new MailboxClient(adapter, {
      timeoutMs: 5000,
      answers: (request, reply) => request.matchId === reply.matchId,
    });
    const work = async (): Promise<void> => {
      await client.request(REQUEST.reset, 0);
      for (let question = 0; question < QUESTIONS; question++) {
        await delay(adapter.clock, ASKS_EVERY_MS);
        await client.request(REQUEST.getLinkState, 0);
      }
    };
    const pinged = async (): Promise<void> => {
      const message = new Uint8Array(MAIL_LENGTH);
      await adapter.ndisMReadConfigBlock(PING_BLOCK, message, MAIL_LENGTH);
      if (parseMail(message).value !== CTS) return;
      await adapter.ndisMWriteConfigBlock(ACK_BLOCK, Uint8Array.of(1), 1);
    };
    return configBlockVf({
      initialize() {
        if (adapter.name !== sleeper) adapter.ndisQueueIoWorkItem(work);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      async invalidated(blocks) {
        if (blocks.includes(REPLY_BLOCK)) await client.replied();
        if (blocks.includes(PING_BLOCK)) await pinged();
      },
    });
  });
}
