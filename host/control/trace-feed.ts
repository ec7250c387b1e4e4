import { type Clock, setPeriodicTimer, type Timer } from '#shared/time/clock.ts';
import type { Trace, TraceEvent } from '#shared/trace/trace.ts';
import type { TraceFilter } from '#shared/trace/trace-filter.ts';
import { TraceHistory } from './trace-history.ts';
import { TraceReader } from './trace-reader.ts';

/** How many may read the trace at once. */
export const MAX_READERS = 16;

/** How often a reader hears that the host lives: HTTP clients give up on silence of five minutes. */
const NUDGE_MS = 60_000;

/** What a reader wants of the trace. */
export interface TraceRequest {
  readonly filter: TraceFilter;
  /** How many of the events that are kept come first. */
  readonly recent: number;
  /** Whether events follow as they happen. */
  readonly follow: boolean;
}

/**
 * Gives the trace to those who read it through the control API. While nothing is kept and nobody
 * reads, it does not listen, and the trace costs nothing.
 */
export class TraceFeed {
  readonly #trace: Trace;
  readonly #clock: Clock;
  readonly #keeps: boolean;
  readonly #history: TraceHistory;
  readonly #readers = new Set<TraceReader>();
  #stopListening: (() => void) | undefined;
  #nudges: Timer | undefined;
  #closed = false;

  /** @param history how many events are kept; 0 keeps none */
  constructor(trace: Trace, clock: Clock, history: number) {
    this.#trace = trace;
    this.#clock = clock;
    this.#keeps = history > 0;
    this.#history = new TraceHistory(history);
    if (this.#keeps) this.#listen();
  }

  /** A new reader, to be closed with {@link leave}; undefined when there are too many. */
  open({ filter, recent, follow }: TraceRequest): TraceReader | undefined {
    if (this.#readers.size >= MAX_READERS) return undefined;
    const reader = new TraceReader(filter, this.#history.last(recent, filter));
    this.#readers.add(reader);
    if (follow && !this.#closed) this.#goLive();
    else reader.end();
    return reader;
  }

  /** Forgets a reader, which has come to its end or gone away. */
  leave(reader: TraceReader): void {
    reader.end();
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#nudges?.cancel();
    this.#nudges = undefined;
    if (!this.#keeps) this.#unlisten();
  }

  /** Ends every reader, and takes no further events. */
  close(): void {
    this.#closed = true;
    this.#nudges?.cancel();
    this.#unlisten();
    for (const reader of this.#readers) reader.end();
  }

  #goLive(): void {
    this.#listen();
    this.#nudges ??= setPeriodicTimer(this.#clock, NUDGE_MS, () => {
      for (const reader of this.#readers) reader.nudge();
    });
  }

  #listen(): void {
    this.#stopListening ??= this.#trace.listen((event) => this.#take(event));
  }

  #unlisten(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  #take(event: TraceEvent): void {
    this.#history.add(event);
    for (const reader of this.#readers) reader.offer(event);
  }
}
