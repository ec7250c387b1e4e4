import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import {
  MAIL_LENGTH,
  type Mail,
  mailBytes,
  parseMail,
  REPLY_BLOCK,
  REPORT_BLOCK,
  REQUEST_BLOCK,
} from './mail.ts';

export interface MailboxClientOptions {
  /** How long a request waits for its answer. */
  readonly timeoutMs: number;
  /** Whether a mail that came answers the request that waits. */
  readonly answers: (request: Mail, reply: Mail) => boolean;
}

/** A VF's end of a mailbox: one request at a time. */
export class MailboxClient {
  readonly #adapter: VfAdapter;
  readonly #options: MailboxClientOptions;
  #matchId = 0;
  #arrived: (reply: Mail) => void = () => {};

  constructor(adapter: VfAdapter, options: MailboxClientOptions) {
    this.#adapter = adapter;
    this.#options = options;
  }

  /** Asks the PF; undefined when no answer came in time, or the request did not get through. */
  async request(code: number, value: number): Promise<Mail | undefined> {
    const request = { code, matchId: ++this.#matchId, value };
    const answer = this.#answerTo(request);
    const status = await this.#write(REQUEST_BLOCK, request);
    return status === NDIS_STATUS.NDIS_STATUS_SUCCESS ? await answer : undefined;
  }

  /** The reply block was invalidated. */
  async replied(): Promise<void> {
    const buffer = new Uint8Array(MAIL_LENGTH);
    const status = await this.#adapter.ndisMReadConfigBlock(REPLY_BLOCK, buffer, MAIL_LENGTH);
    if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) this.#arrived(parseMail(buffer));
  }

  /** Says what the VF holds for true. */
  async report(mail: Mail): Promise<void> {
    await this.#write(REPORT_BLOCK, mail);
  }

  #answerTo(request: Mail): Promise<Mail | undefined> {
    const { timeoutMs, answers } = this.#options;
    return new Promise((resolve) => {
      const timer = this.#adapter.clock.setTimer(timeoutMs, () => settle(undefined));
      const settle = (reply: Mail | undefined): void => {
        timer.cancel();
        this.#arrived = () => {};
        resolve(reply);
      };
      this.#arrived = (reply) => {
        if (answers(request, reply)) settle(reply);
      };
    });
  }

  #write(blockId: number, mail: Mail): Promise<NdisStatus> {
    return this.#adapter.ndisMWriteConfigBlock(blockId, mailBytes(mail), MAIL_LENGTH);
  }
}

/** A VF that, once it runs, does some work over its mailbox. */
export function mailboxVf(
  options: MailboxClientOptions,
  work: (client: MailboxClient, adapter: VfAdapter) => Promise<void>,
) {
  return defineVfMiniport((adapter) => {
    const client = new MailboxClient(adapter, options);
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(() => work(client, adapter));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated: () => client.replied(),
    });
  });
}
