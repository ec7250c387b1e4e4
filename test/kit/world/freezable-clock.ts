import type { Clock, Timer } from '#shared/time/clock.ts';

/** The clock of an operating system that may die: from then on none of its timers fires. */
export class FreezableClock implements Clock {
  readonly #clock: Clock;
  #frozen = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimer(milliseconds: number, fire: () => void): Timer {
    return this.#clock.setTimer(milliseconds, () => {
      if (!this.#frozen) fire();
    });
  }

  freeze(): void {
    this.#frozen = true;
  }
}
