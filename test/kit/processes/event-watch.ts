import type { TraceEvent } from '#shared/trace/trace.ts';
import { Occurrences, type When } from '../faults/when.ts';
import type { SideProcess } from './side-process.ts';

interface Waiting {
  readonly occurrences: Occurrences;
  /** The process that sees its own events by itself. */
  readonly own: SideProcess | undefined;
  readonly resume: () => void;
}

/** Those who wait for an event of a world, whichever process it happens in. */
export class EventWatch {
  readonly #waiting = new Set<Waiting>();

  /** A process has told of an event. */
  event(event: TraceEvent, from: SideProcess): void {
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
   * A fault in a process waits for an event, which may be one of another process.
   *
   * @param already the events of others that have happened since it waits, and were told before this
   */
  forProcess(process: SideProcess, id: number, when: When, already: readonly TraceEvent[]): void {
    const occurrences = new Occurrences(when);
    const resume = (): void => void process.ask('resume', id).catch(() => {});
    if (already.some((event) => occurrences.isMeant(event))) resume();
    else this.#add({ occurrences, own: process, resume });
  }

  #add(waiting: Waiting): () => void {
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }
}
