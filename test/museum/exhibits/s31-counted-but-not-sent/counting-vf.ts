import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import {
  MAIL_LENGTH,
  type Mail,
  mailBytes,
  parseMail,
  REPLY_BLOCK,
  REPORT_BLOCK,
  REQUEST_BLOCK,
} from '../../drivers/mail.ts';

const REQUESTS = 4;
const TIMEOUT_MS = 500;
const SET_VLAN = 3;

/** What is done with the count of a request that turns out not to have been sent. */
type OnFailure = 'leavesIt' | 'takesItBack';

/** A VF that knows the answer to its request by three counters, as hns3 did. */
export function countingVf(onFailure: OnFailure) {
  return defineVfMiniport((adapter) => {
    const mailbox = new CountingMailbox(adapter, onFailure);
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(() => mailbox.requestAll());
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated: () => mailbox.replied(),
    });
  });
}

class CountingMailbox {
  readonly #adapter: VfAdapter;
  readonly #onFailure: OnFailure;
  /** Requests that were sent, answers that came, and requests that were given up. */
  #head = 0;
  #tail = 0;
  #lost = 0;

  constructor(adapter: VfAdapter, onFailure: OnFailure) {
    this.#adapter = adapter;
    this.#onFailure = onFailure;
  }

  async requestAll(): Promise<void> {
    for (let matchId = 1; matchId <= REQUESTS; matchId++) {
      const mail = { code: SET_VLAN, matchId, value: matchId };
      if (await this.#request(mail)) await this.#write(REPORT_BLOCK, mail);
    }
  }

  async replied(): Promise<void> {
    const buffer = new Uint8Array(MAIL_LENGTH);
    await this.#adapter.ndisMReadConfigBlock(REPLY_BLOCK, buffer, MAIL_LENGTH);
    if (parseMail(buffer).code === SET_VLAN) this.#tail++;
  }

  /** Whether the request was answered, as far as the counters tell. */
  async #request(mail: Mail): Promise<boolean> {
    this.#head++;
    if (!(await this.#write(REQUEST_BLOCK, mail))) {
      if (this.#onFailure === 'takesItBack') this.#head--;
      return false;
    }
    for (let waited = 0; waited < TIMEOUT_MS; waited++) {
      if (this.#head === this.#tail + this.#lost) return true;
      await delay(this.#adapter.clock, 1);
    }
    this.#lost++;
    return false;
  }

  async #write(blockId: number, mail: Mail): Promise<boolean> {
    const status = await this.#adapter.ndisMWriteConfigBlock(blockId, mailBytes(mail), MAIL_LENGTH);
    return status === NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}
