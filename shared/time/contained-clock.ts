import type { Clock, Timer } from './clock.ts';

/**
 * A clock for plug-ins, whose mistakes are reported and take nothing down: their timers may throw, or
 * reject what they return. It can be stopped for one that is left behind.
 */
export class ContainedClock implements Clock {
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  readonly #timers = new Set<Timer>();
  #isStopped = false;

  /** `report` is told what a timer throws. */
  constructor(clock: Clock, report: (error: unknown) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimer(milliseconds: number, fire: () => void): Timer {
    if (this.#isStopped) return { cancel: () => {} };
    const timer = this.#clock.setTimer(milliseconds, () => {
      this.#timers.delete(timer);
      this.#fire(fire);
    });
    this.#timers.add(timer);
    return {
      cancel: () => {
        this.#timers.delete(timer);
        timer.cancel();
      },
    };
  }

  /** Cancels every timer, and sets none any more: whoever had them keeps no process alive. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  #fire(fire: () => unknown): void {
    try {
      const result = fire();
      if (result instanceof Promise) result.catch(this.#report);
    } catch (error) {
      this.#report(error);
    }
  }
}
