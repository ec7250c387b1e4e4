import type { VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import {
  MAIL_LENGTH,
  mailBytes,
  parseMail,
  REPLY_BLOCK,
  REPORT_BLOCK,
  REQUEST_BLOCK,
} from '../../drivers/mail.ts';

/** What a command that has waited for an event does with the answer, which the event has stored. */
export type WhenTold = 'leavesIt' | 'copiesIt';

const POLLS_EVERY_MS = 1;
const POLLS = 200;

/**
 * The mailbox of iavf in miniature. Until events come it is polled, and an answer is read into the
 * buffer of who asked. After that the event reads each answer, into one buffer of the driver.
 */
export class AdminQueue {
  readonly #adapter: VfAdapter;
  readonly #whenTold: WhenTold;
  /** The buffer that the event reads into, as most callers have it for their own. */
  readonly response = new Uint8Array(MAIL_LENGTH);
  #hasEvents = false;
  #matchId = 0;
  #told: () => void = () => {};

  constructor(adapter: VfAdapter, whenTold: WhenTold) {
    this.#adapter = adapter;
    this.#whenTold = whenTold;
  }

  enableEvents(): void {
    this.#hasEvents = true;
  }

  /** The reply block was invalidated. */
  async event(): Promise<void> {
    if (!this.#hasEvents) return;
    await this.#read(this.response);
    this.#told();
  }

  /** iavf_execute_vf_cmd: gives a command, and returns when its answer is in `out`. */
  async execute(code: number, out: Uint8Array): Promise<void> {
    const matchId = ++this.#matchId;
    const told = new Promise<void>((resolve) => {
      this.#told = resolve;
    });
    const request = mailBytes({ code, matchId, value: 0 });
    await this.#adapter.ndisMWriteConfigBlock(REQUEST_BLOCK, request, MAIL_LENGTH);
    if (!this.#hasEvents) return await this.#poll(matchId, out);
    await told;
    if (this.#whenTold === 'copiesIt') out.set(this.response);
  }

  /** Says what the VF takes for the answer to a command. */
  async report(code: number, answer: Uint8Array): Promise<void> {
    const bytes = mailBytes({ ...parseMail(answer), code });
    await this.#adapter.ndisMWriteConfigBlock(REPORT_BLOCK, bytes, MAIL_LENGTH);
  }

  async #poll(matchId: number, out: Uint8Array): Promise<void> {
    for (let poll = 0; poll < POLLS; poll++) {
      await delay(this.#adapter.clock, POLLS_EVERY_MS);
      if ((await this.#read(out)) && parseMail(out).matchId === matchId) return;
    }
  }

  async #read(buffer: Uint8Array): Promise<boolean> {
    const status = await this.#adapter.ndisMReadConfigBlock(REPLY_BLOCK, buffer, MAIL_LENGTH);
    return status === NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}
