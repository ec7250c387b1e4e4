import type { Clock, Timer } from '#shared/time/clock.ts';

interface SetTimer {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #timers = new Set<SetTimer>();
  #now = 1_700_000_000_000;

  now(): number {
    return this.#now;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  setTimer(milliseconds: number, fire: () => void): Timer {
    const timer = { at: this.#now + milliseconds, fire };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Moves on, fires what is due in its order, and lets what that began go as far as it can. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (let timer = this.#first(end); timer !== undefined; timer = this.#first(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.fire();
      await settled();
    }
    this.#now = end;
  }

  #first(end: number): SetTimer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end);
    return due.sort((one, other) => one.at - other.at)[0];
  }
}

/** Resolves when everything that can go on without time or input has done so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}
