import { type AsyncHook, AsyncLocalStorage, createHook } from 'node:async_hooks';
import { systemClock } from '#shared/time/system.ts';
import { turn } from '#test/kit/world/turn.ts';
import { demand, type Rules } from './contract.ts';

/** Within how many milliseconds a timer that was set before the end may still run out. */
const SOON_MS = 100;

/**
 * Counts the timers of Node that a driver sets, beside the clock that it is given, and leaves running.
 * What others set meanwhile is theirs: a timer belongs to the code from which it was set.
 */
export class NodeTimers {
  readonly #driver = new AsyncLocalStorage<true>();
  readonly #running = new Set<number>();
  readonly #hook: AsyncHook;

  constructor() {
    this.#hook = createHook({
      init: (id, type) => {
        if (type === 'Timeout' && this.#driver.getStore() === true) this.#running.add(id);
      },
      destroy: (id) => void this.#running.delete(id),
    });
    this.#hook.enable();
  }

  /** Runs code of the driver, and what that sets off. */
  of<T>(driver: () => T): T {
    return this.#driver.run(true, driver);
  }

  /** Holds the driver, now that it is over, to leaving none. Counts no more. */
  async check(rules: Rules): Promise<void> {
    await rules.check('it leaves no timer of Node running', async () => {
      const end = systemClock.now() + SOON_MS;
      // Node tells of timers that are gone a turn later.
      do await turn();
      while (this.#running.size > 0 && systemClock.now() < end);
      const { size } = this.#running;
      demand(size === 0, `${size} are running, of setTimeout, setInterval or their like`);
    });
    this.#hook.disable();
  }
}
