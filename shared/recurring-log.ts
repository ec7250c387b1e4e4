import type { Logger } from 'pino';
import type { Clock } from './time/clock.ts';

/** Of what is alike so many are told one by one; of those beyond, each tenfold count. */
const TOLD_ONE_BY_ONE = 5;

/** How long a kind must not come before it is new again, in milliseconds. */
const QUIET_MS = 60_000;

/** Kinds that are counted each for itself; what is beyond them is counted as one. */
const MAX_KINDS = 16_384;
const BEYOND = 'beyond';

/** Whether the `count`th, from 1, of many that are alike is told: the first five, and each tenfold one. */
export function isTold(count: number): boolean {
  return count <= TOLD_ONE_BY_ONE || /^10*$/.test(String(count));
}

interface Recurrence {
  readonly count: number;
  readonly at: number;
}

/** Of each kind the last, that which came longest ago first. */
type Recurrences = Map<string, Recurrence>;

/** Of each log, for as long as that is there. */
const recurrencesOf = new WeakMap<Logger, Recurrences>();

/**
 * A log for what a peer can cause as often as it likes, and must not fill the disk with. Of each kind
 * the first five lines are written, and then the 10th, the 100th and so on, with their `count`. A kind
 * that has not come for a minute is new again. Whoever writes to the same log counts together: a VF that
 * comes again, and a driver that is made anew for it, begin no new count.
 *
 * `kind` is what is counted: who is meant, by a number that is bounded, as a VFId is, and what has
 * happened. No text of a peer is in it.
 */
export class RecurringLog {
  readonly #log: Logger;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #recurrences: Recurrences;

  constructor(log: Logger, clock: Pick<Clock, 'now'>) {
    this.#log = log;
    this.#clock = clock;
    this.#recurrences = recurrencesOf.get(log) ?? new Map();
    recurrencesOf.set(log, this.#recurrences);
  }

  info(kind: string, fields: object, message: string): void {
    this.#tell('info', kind, fields, message);
  }

  warn(kind: string, fields: object, message: string): void {
    this.#tell('warn', kind, fields, message);
  }

  error(kind: string, fields: object, message: string): void {
    this.#tell('error', kind, fields, message);
  }

  #tell(level: 'info' | 'warn' | 'error', kind: string, fields: object, message: string): void {
    const count = this.#count(kind, this.#clock.now());
    if (!isTold(count)) return;
    this.#log[level](count > TOLD_ONE_BY_ONE ? { ...fields, count } : fields, message);
  }

  #count(kind: string, now: number): number {
    const last = this.#recurrences.get(kind);
    if (last === undefined && !this.#hasRoom(now) && kind !== BEYOND) {
      return this.#count(BEYOND, now);
    }
    const count = last === undefined || isQuiet(last, now) ? 1 : last.count + 1;
    this.#recurrences.delete(kind);
    this.#recurrences.set(kind, { count, at: now });
    return count;
  }

  /** Whether one more kind may be counted, when those that are new again are forgotten. */
  #hasRoom(now: number): boolean {
    for (const [kind, last] of this.#recurrences) {
      if (!isQuiet(last, now)) break;
      this.#recurrences.delete(kind);
    }
    return this.#recurrences.size < MAX_KINDS;
  }
}

function isQuiet({ at }: Recurrence, now: number): boolean {
  return now - at >= QUIET_MS;
}
