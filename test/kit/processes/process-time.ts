import { type Clock, delay } from '#shared/time/clock.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { type Duration, milliseconds } from '../duration.ts';
import { describeWhen, type When } from '../faults/when.ts';
import { unreturned } from '../world/unreturned.ts';
import type { EventWatch } from './event-watch.ts';
import { LONGEST_ADVANCE_MS, PATIENCE_MS, RESTLESS_MS } from './limits.ts';
import { ProcessWorldError } from './process-world-error.ts';

export interface ProcessTimeParts {
  readonly clock: Clock;
  readonly watch: EventWatch;
  readonly events: () => readonly TraceEvent[];
}

/** How a world of processes waits: in real time, and never without a limit. */
export class ProcessTime {
  readonly #parts: ProcessTimeParts;
  #waits = 0;

  constructor(parts: ProcessTimeParts) {
    this.#parts = parts;
  }

  /** Changes as long as this world waits. */
  get progress(): string {
    return this.#waits === 0 ? '' : `${this.#parts.clock.now()}`;
  }

  /** Waits for work that has a limit of its own. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#waits++;
    try {
      return await work();
    } finally {
      this.#waits--;
    }
  }

  /**
   * Lets time pass. What came due meanwhile may still be under way.
   *
   * @throws ProcessWorldError for a time that nobody would wait for
   */
  async advance(duration: Duration): Promise<void> {
    const time = milliseconds(duration);
    if (time > LONGEST_ADVANCE_MS) {
      throw new ProcessWorldError(
        `advance(${duration}) is longer than ${LONGEST_ADVANCE_MS / 1000} s, the longest that processes are left to run: simulate this scenario`,
      );
    }
    await this.during(() => delay(this.#parts.clock, time));
  }

  /** Waits for the next event that is meant. @throws Error when it has not happened in time */
  async until(when: When): Promise<void> {
    const { clock, watch } = this.#parts;
    const happened = await this.during(
      () =>
        new Promise<boolean>((resolve) => {
          const deadline = clock.setTimer(PATIENCE_MS, () => {
            forget();
            resolve(false);
          });
          const forget = watch.once(when, () => {
            deadline.cancel();
            resolve(true);
          });
        }),
    );
    if (!happened) throw this.overdue(describeWhen(when));
  }

  /**
   * Waits until all processes have nothing to do: they have done whatever was ready, twice in a row, and
   * nothing came of it. Gives up on those that never rest.
   *
   * @param turns lets each process do what is ready, and gives how many events there are then
   */
  async settled(turns: () => Promise<number>): Promise<void> {
    const { clock } = this.#parts;
    const end = clock.now() + RESTLESS_MS;
    let known = await this.during(turns);
    for (let quiet = 0; quiet < 2 && clock.now() < end; ) {
      const count = await this.during(turns);
      quiet = count === known ? quiet + 1 : 0;
      known = count;
    }
  }

  /** What has not come about, and what the world waits for. */
  overdue(what: string): Error {
    const why = [
      `this did not come about within ${PATIENCE_MS / 1000} s: ${what}`,
      ...unreturned(this.#parts.events()),
    ];
    return new Error(why.join('; '));
  }
}
