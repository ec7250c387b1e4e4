import type { TraceEvent } from '#shared/trace/trace.ts';
import { Occurrences, type When } from '../faults/when.ts';

interface Waiting {
  readonly occurrences: Occurrences;
  /** Whose events do not count: it sees them by itself. */
  readonly own: object | undefined;
  readonly resume: () => void;
}

/** Those who wait for an event of a world, whichever process it happens in. */
export class EventWatch {
  readonly #waiting = new Set<Waiting>();

  /** A process has told of an event. */
  event(event: TraceEvent, from: object): void {
    for (const waiting of [...this.#waiting]) {
      const { own, occurrences, resume } = waiting;
      if (own === from || !occurrences.isMeant(event)) continue;
      this.#waiting.delete(waiting);
      resume();
    }
  }

  /** Calls `resume` once, when an event has happened from now on. Calling what is returned stops that. */
  once(when: When, resume: () => void): () => void {
    return this.#add({ occurrences: new Occurrences(when), own: undefined, resume });
  }

  /**
   * Calls `resume` once, when an event has happened in any process but one.
   *
   * @param already the events of the others that count, and were told before this
   */
  onceElsewhere(own: object, when: When, already: readonly TraceEvent[], resume: () => void): void {
    const occurrences = new Occurrences(when);
    if (already.some((event) => occurrences.isMeant(event))) resume();
    else this.#add({ occurrences, own, resume });
  }

  #add(waiting: Waiting): () => void {
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }
}
