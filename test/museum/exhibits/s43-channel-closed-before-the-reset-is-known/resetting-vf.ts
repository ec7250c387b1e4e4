import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { MAIL_LENGTH, mailBytes, REPORT_BLOCK, REQUEST_BLOCK } from '../../drivers/mail.ts';

const RESET = 1;
const ATTEMPTS = 3;
const PAUSE_MS = 100;
const RESET_TAKES_MS = 50;

/** When a driver closes its mailbox for the time of a reset. */
export type Closes = 'inAnyCase' | 'whenThePfKnows';

/** A VF that is to be reset, which only its PF can do: it tries three times. */
export function resettingVf(closes: Closes) {
  return defineVfMiniport((adapter) => {
    const mailbox = new Mailbox(adapter);
    const resetTask = async (): Promise<void> => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (await prepareReset(mailbox, closes)) return await finishReset(adapter, mailbox);
        await delay(adapter.clock, PAUSE_MS);
      }
      adapter.log.error('reset failed');
    };
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(resetTask);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
    });
  });
}

/** Sends nothing while it is closed: hardware in reset must not be given commands. */
class Mailbox {
  readonly #adapter: VfAdapter;
  isClosed = false;

  constructor(adapter: VfAdapter) {
    this.#adapter = adapter;
  }

  /** Returns whether the PF has taken it. */
  async send(blockId: number, code: number): Promise<boolean> {
    if (this.isClosed) return false;
    const bytes = mailBytes({ code, matchId: 0, value: 0 });
    const status = await this.#adapter.ndisMWriteConfigBlock(blockId, bytes, MAIL_LENGTH);
    return status === NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}

/** hns3vf_prepare_reset: asks the PF for the reset, and closes the mailbox for as long as it takes. */
async function prepareReset(mailbox: Mailbox, closes: Closes): Promise<boolean> {
  const isKnown = await mailbox.send(REQUEST_BLOCK, RESET);
  if (isKnown || closes === 'inAnyCase') mailbox.isClosed = true;
  return isKnown;
}

async function finishReset(adapter: VfAdapter, mailbox: Mailbox): Promise<void> {
  await delay(adapter.clock, RESET_TAKES_MS);
  mailbox.isClosed = false;
  await mailbox.send(REPORT_BLOCK, RESET);
}
