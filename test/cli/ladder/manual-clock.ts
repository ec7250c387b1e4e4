import type { Clock, Timer } from '#shared/time/clock.ts';

interface SetTimer {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  readonly #timers = new Set<SetTimer>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  setTimer(milliseconds: number, fire: () => void): Timer {
    const timer = { at: this.#now + milliseconds, fire };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Moves on to a time, and fires on the way what is due, each at its own time. */
  moveTo(time: number): void {
    for (let timer = this.#nextBefore(time); timer !== undefined; timer = this.#nextBefore(time)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.fire();
    }
    this.#now = time;
  }

  #nextBefore(time: number): SetTimer | undefined {
    const due = [...this.#timers].filter((timer) => timer.at <= time);
    return due.sort((one, other) => one.at - other.at)[0];
  }
}
