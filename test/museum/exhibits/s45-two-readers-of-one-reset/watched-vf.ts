import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { MAIL_LENGTH, mailBytes, parseMail, REQUEST_BLOCK } from '../../drivers/mail.ts';
import { COMMAND, STATE, STATE_BLOCK } from './queue-granting-pf.ts';

/** What the watchdog does while the driver itself has asked for a reset. */
export type Watchdog = 'goesOn' | 'rests';

const WATCHDOG_MS = 8;
const POLLS_EVERY_MS = 1;

/** A VF with a watchdog that looks for resets by the PF, which starts with more queues than it has. */
export function watchedVf(watchdog: Watchdog) {
  return defineVfMiniport((adapter) => {
    const device = new Device(adapter);
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(() => device.watch());
        adapter.ndisQueueIoWorkItem(() => device.start(watchdog));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
      halt: () => device.stop(),
    });
  });
}

class Device {
  readonly #adapter: VfAdapter;
  readonly #stopped = new AbortController();
  #isWatched = true;
  /** The PF has reset the VF, and no command is sent until that is over. */
  #isInReset = false;

  constructor(adapter: VfAdapter) {
    this.#adapter = adapter;
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** The watchdog: each look finds one change at most, the begin of a reset or its end. */
  async watch(): Promise<void> {
    for (; !this.#stopped.signal.aborted; await this.#pause(WATCHDOG_MS)) {
      if (!this.#isWatched) continue;
      const isInReset = await this.#readsInReset();
      if (isInReset && !this.#isInReset) this.#adapter.log.info('reset detected by watchdog');
      this.#isInReset = isInReset;
    }
  }

  /** Asks for queues, which resets the VF; sees the reset through, and configures the queues. */
  async start(watchdog: Watchdog): Promise<void> {
    if (watchdog === 'rests') this.#isWatched = false;
    await this.#execute(COMMAND.requestQueues);
    await this.#until(true);
    await this.#until(false);
    this.#isWatched = true;
    if (!(await this.#execute(COMMAND.configureQueues))) this.#adapter.log.error('start failed');
  }

  async #until(isInReset: boolean): Promise<void> {
    while (!this.#stopped.signal.aborted && (await this.#readsInReset()) !== isInReset) {
      await this.#pause(POLLS_EVERY_MS);
    }
  }

  /** Returns false, with nothing sent, while the VF is taken to be in reset. */
  async #execute(code: number): Promise<boolean> {
    if (this.#isInReset) return false;
    const bytes = mailBytes({ code, matchId: 0, value: 0 });
    await this.#adapter.ndisMWriteConfigBlock(REQUEST_BLOCK, bytes, MAIL_LENGTH);
    return true;
  }

  async #readsInReset(): Promise<boolean> {
    const buffer = new Uint8Array(MAIL_LENGTH);
    await this.#adapter.ndisMReadConfigBlock(STATE_BLOCK, buffer, MAIL_LENGTH);
    return parseMail(buffer).code === STATE.inReset;
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(this.#adapter.clock, milliseconds, this.#stopped.signal);
  }
}
