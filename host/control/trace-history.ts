import type { TraceEvent } from '#shared/trace/trace.ts';
import type { TraceFilter } from '#shared/trace/trace-filter.ts';

/** The last events of a trace: a ring, so that keeping one more costs the same for ever. */
export class TraceHistory {
  readonly #capacity: number;
  readonly #events: TraceEvent[] = [];
  /** Where the oldest event is, once the ring is full. */
  #oldest = 0;

  /** @param capacity how many events are kept; 0 keeps none */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(event: TraceEvent): void {
    if (this.#events.length < this.#capacity) {
      this.#events.push(event);
    } else if (this.#capacity > 0) {
      this.#events[this.#oldest] = event;
      this.#oldest = (this.#oldest + 1) % this.#capacity;
    }
  }

  /** The last `count` of the events that the filter lets through, oldest first. */
  last(count: number, filter: TraceFilter): TraceEvent[] {
    const found: TraceEvent[] = [];
    const { length } = this.#events;
    for (let back = 1; back <= length && found.length < count; back++) {
      const event = this.#events[(this.#oldest + length - back) % length];
      if (event !== undefined && filter(event)) found.push(event);
    }
    return found.reverse();
  }
}
