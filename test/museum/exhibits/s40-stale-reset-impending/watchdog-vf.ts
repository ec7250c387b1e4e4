import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { MAIL_LENGTH, type Mail, mailBytes, parseMail, REPORT_BLOCK } from '../../drivers/mail.ts';
import { Mutex } from '../../drivers/mutex.ts';
import { EVENT, EVENT_BLOCK, STATE, STATE_BLOCK } from './resettable-pf.ts';

/** What the VF reports of itself, as the code of a mail. */
export const REPORTED = { running: 0, resetting: 1 } as const;

const WATCHDOG_MS = 10;
const OWN_WORK_MS = 5;
const POLL_MS = 10;
const POLLS = 50;
const NEVER_SAW_RESET_MS = 5000;

/**
 * A VF whose watchdog looks after the device every 10 ms, and whose event task takes the PF's events,
 * both under one lock. The event task takes it before it reads an event, or after.
 */
export function watchdogVf(order: 'readsThenLocks' | 'locksThenReads') {
  return defineVfMiniport((adapter) => {
    const device = new Device(adapter);
    return configBlockVf({
      async initialize() {
        adapter.ndisQueueIoWorkItem(() => device.watch());
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      // A task of its own: the next event is not to wait for the end of a reset.
      invalidated: () => void device.takeEvent(order),
      halt: () => device.stop(),
    });
  });
}

class Device {
  readonly #adapter: VfAdapter;
  readonly #lock = new Mutex();
  readonly #stopped = new AbortController();
  #resets = 0;

  constructor(adapter: VfAdapter) {
    this.#adapter = adapter;
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** The watchdog: its own work, and a reset that has begun meanwhile, in one hold of the lock. */
  async watch(): Promise<void> {
    for (; !this.#isStopped; await this.#pause(WATCHDOG_MS - OWN_WORK_MS)) {
      await this.#lock.acquire();
      await this.#pause(OWN_WORK_MS);
      await this.#finishReset();
      this.#lock.release();
    }
  }

  async takeEvent(order: 'readsThenLocks' | 'locksThenReads'): Promise<void> {
    if (order === 'locksThenReads') await this.#lock.acquire();
    const { code } = await this.#read(EVENT_BLOCK);
    if (order === 'readsThenLocks') await this.#lock.acquire();
    if (code === EVENT.resetImpending) await this.#awaitReset();
    this.#lock.release();
  }

  /** Waits for a reset that was announced to begin, with nothing else going on; and for its end. */
  async #awaitReset(): Promise<void> {
    await this.#report(REPORTED.resetting);
    while (!this.#isStopped) {
      for (let poll = 0; poll < POLLS && !this.#isStopped; poll++) {
        if (await this.#finishReset()) return;
        await this.#pause(POLL_MS);
      }
      this.#adapter.log.warn('Never saw reset');
      await this.#pause(NEVER_SAW_RESET_MS);
    }
  }

  /** If a reset is under way, waits for its end and goes back to work. */
  async #finishReset(): Promise<boolean> {
    let state = await this.#read(STATE_BLOCK);
    if (state.code !== STATE.inReset) return false;
    while (state.code === STATE.inReset && !this.#isStopped) {
      await this.#pause(1);
      state = await this.#read(STATE_BLOCK);
    }
    this.#resets = state.value;
    await this.#report(REPORTED.running);
    return true;
  }

  get #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(this.#adapter.clock, milliseconds, this.#stopped.signal);
  }

  async #read(blockId: number): Promise<Mail> {
    const buffer = new Uint8Array(MAIL_LENGTH);
    if (!this.#isStopped) await this.#adapter.ndisMReadConfigBlock(blockId, buffer, MAIL_LENGTH);
    return parseMail(buffer);
  }

  async #report(code: number): Promise<void> {
    if (this.#isStopped) return;
    const bytes = mailBytes({ code, matchId: 0, value: this.#resets });
    await this.#adapter.ndisMWriteConfigBlock(REPORT_BLOCK, bytes, MAIL_LENGTH);
  }
}
