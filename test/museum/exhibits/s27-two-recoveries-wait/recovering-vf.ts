import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { REQUEST_BLOCK } from '../../drivers/mail.ts';
import { Mutex } from '../../drivers/mutex.ts';
import { HEALTH, HEALTH_BLOCK } from './comm-channel-pf.ts';

/** What a driver does about a comm channel that is disabled. */
export type Disabled = 'isWaitedFor' | 'isTheEnd';

const LOOKS_EVERY_MS = 500;
const TRIES = 10;
const TRIES_EVERY_MS = 100;
const COMMAND_TIMEOUT_MS = 1000;

/**
 * mlx4 in miniature: a thread looks whether the comm channel still works and tries to get it back, and a
 * shutdown takes leave of the PF with a command. Each of them does so under the lock of the device.
 */
export function recoveringVf(disabled: Disabled) {
  return defineVfMiniport((adapter) => {
    const device = new Device(adapter, disabled);
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(() => device.watch());
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated: () => device.answered(),
      halt: () => device.shutDown(),
    });
  });
}

class Device {
  readonly #adapter: VfAdapter;
  readonly #disabled: Disabled;
  readonly #lock = new Mutex();
  readonly #halted = new AbortController();
  #answer = new AbortController();

  constructor(adapter: VfAdapter, disabled: Disabled) {
    this.#adapter = adapter;
    this.#disabled = disabled;
  }

  answered(): void {
    this.#answer.abort();
  }

  async watch(): Promise<void> {
    while (!this.#halted.signal.aborted) {
      await this.#lock.acquire();
      if (!(await this.#works())) await this.#recover();
      this.#lock.release();
      await delay(this.#adapter.clock, LOOKS_EVERY_MS, this.#halted.signal);
    }
  }

  async shutDown(): Promise<void> {
    this.#halted.abort();
    await this.#lock.acquire();
    if (this.#disabled === 'isWaitedFor' || (await this.#works())) await this.#takeLeave();
    this.#lock.release();
  }

  /** Tries for a second to get the comm channel back. */
  async #recover(): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (this.#disabled === 'isTheEnd' && this.#halted.signal.aborted) return;
      await delay(this.#adapter.clock, TRIES_EVERY_MS);
      if (await this.#works()) return;
    }
  }

  async #takeLeave(): Promise<void> {
    this.#answer = new AbortController();
    await this.#adapter.ndisMWriteConfigBlock(REQUEST_BLOCK, Uint8Array.of(1), 1);
    await delay(this.#adapter.clock, COMMAND_TIMEOUT_MS, this.#answer.signal);
  }

  async #works(): Promise<boolean> {
    const health = Uint8Array.of(HEALTH.disabled);
    await this.#adapter.ndisMReadConfigBlock(HEALTH_BLOCK, health, 1);
    return health[0] === HEALTH.works;
  }
}
