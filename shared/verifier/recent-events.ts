import type { Trace, TraceEvent } from '../trace/trace.ts';

/** So many events back a report can show what led to a breach. */
const KEPT = 1024;

/** The last events of a trace, for the reports that show them. */
export class RecentEvents {
  /** Each event at its number modulo {@link KEPT}. */
  readonly #ring: TraceEvent[] = [];
  #latest: TraceEvent | undefined;

  constructor(trace: Trace) {
    trace.listen((event) => {
      this.#ring[event.seq % KEPT] = event;
      this.#latest = event;
    });
  }

  get latest(): TraceEvent | undefined {
    return this.#latest;
  }

  /** The event with this number, if it is still kept. */
  event(seq: number): TraceEvent | undefined {
    const event = this.#ring[seq % KEPT];
    return event?.seq === seq ? event : undefined;
  }

  /** The first event after the one with this number, if it is still kept. */
  after(event: TraceEvent | undefined): TraceEvent | undefined {
    return this.event((event?.seq ?? 0) + 1);
  }
}
