import type { Clock, Timer } from '#shared/time/clock.ts';
import { turns } from './turn.ts';

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** When a manual clock starts, in milliseconds since the Unix epoch. */
const START = 1_700_000_000_000;

/**
 * A clock that stands still until it is moved. Timers fire in the order of their times, and those of
 * one time in the order in which they were set.
 */
export class ManualClock implements Clock {
  #now = START;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  now(): number {
    return this.#now;
  }

  setTimer(milliseconds: number, fire: () => void): Timer {
    const at = this.#now + Math.max(0, milliseconds);
    const waiting = { at, order: this.#order++, fire };
    this.#waiting.add(waiting);
    return { cancel: () => void this.#waiting.delete(waiting) };
  }

  /** Timers that are set and have neither fired nor been cancelled. */
  get timers(): number {
    return this.#waiting.size;
  }

  /** How long until the next timer fires; undefined when none is set. */
  get untilNext(): number | undefined {
    const next = this.#next(Number.POSITIVE_INFINITY);
    return next && next.at - this.#now;
  }

  /**
   * Moves the clock. Before it, and after each timer, everything that is ready runs, so that a timer
   * which that sets is still met on the way.
   */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await turns();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = next.at;
      this.#waiting.delete(next);
      next.fire();
      await turns();
    }
    this.#now = end;
  }

  /** The timer that is due first, if it is due by `end`. */
  #next(end: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const each of this.#waiting) {
      const isSooner =
        first === undefined ||
        each.at < first.at ||
        (each.at === first.at && each.order < first.order);
      if (each.at <= end && isSooner) first = each;
    }
    return first;
  }
}
