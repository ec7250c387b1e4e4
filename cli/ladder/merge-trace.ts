import type { Clock, Timer } from '#shared/time/clock.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { packetEnd } from './packet-end.ts';
import { PacketSet } from './packet-set.ts';

export const DEFAULT_WINDOW_MS = 60;
export const DEFAULT_CAPACITY = 10_000;

export interface MergeTraceOptions {
  readonly clock: Clock;
  /** Takes the events in their common order. Must not throw. */
  readonly onEvent: (event: TraceEvent) => void;
  /** How long an event waits for earlier ones of other processes, in milliseconds. */
  readonly windowMs?: number;
  /** How many events wait at most; beyond it the earliest leave before their time. */
  readonly capacity?: number;
}

interface Held {
  readonly event: TraceEvent;
  /** When the window of this event ends, on the clock of this process. */
  readonly due: number;
}

/**
 * Puts the events of several processes into one order. Each process's events come in their own
 * order, in batches, and late; the clocks of two processes on one machine may disagree a little.
 *
 * An event leaves when its window has ended, and takes along whatever is earlier. The order of one
 * process is always kept. The receipt of a packet waits for its sending, whatever the clocks say,
 * until its window ends: where only one side is traced, the sending never comes.
 */
export class MergeTrace {
  readonly #clock: Clock;
  readonly #onEvent: (event: TraceEvent) => void;
  readonly #window: number;
  readonly #capacity: number;
  readonly #sources = new Map<string, Held[]>();
  /** Packets whose sending waits here. */
  readonly #waiting = new PacketSet();
  /** Packets whose sending has left, but not their receipt. */
  readonly #underWay = new PacketSet();
  #size = 0;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: MergeTraceOptions) {
    this.#clock = options.clock;
    this.#onEvent = options.onEvent;
    this.#window = options.windowMs ?? DEFAULT_WINDOW_MS;
    this.#capacity = options.capacity ?? DEFAULT_CAPACITY;
  }

  /** Events that wait. */
  get size(): number {
    return this.#size;
  }

  /** Takes further events of one process, in their order. */
  push(source: string, events: readonly TraceEvent[]): void {
    if (this.#closed) return;
    const due = this.#clock.now() + this.#window;
    for (const event of events) {
      const queue = this.#sources.get(source);
      if (queue === undefined) this.#sources.set(source, [{ event, due }]);
      else queue.push({ event, due });
      if (packetEnd(event.hop)?.end === 'sent') this.#waiting.add(event);
      this.#size++;
      if (this.#size > this.#capacity) this.#releaseNext(this.#clock.now());
    }
    this.#arm();
  }

  /** Lets out everything that waits. */
  flush(): void {
    while (this.#size > 0) this.#releaseNext(Number.POSITIVE_INFINITY);
  }

  /** Lets out everything that waits; what is pushed from now on is dropped. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.flush();
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#size === 0 || this.#closed) return;
    const wait = Math.max(0, this.#earliestDue() - this.#clock.now());
    this.#timer = this.#clock.setTimer(wait, () => {
      this.#timer = undefined;
      const now = this.#clock.now();
      while (this.#earliestDue() <= now) this.#releaseNext(now);
      this.#arm();
    });
  }

  #earliestDue(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const [head] of this.#sources.values()) {
      if (head !== undefined && head.due < earliest) earliest = head.due;
    }
    return earliest;
  }

  /** Lets out the first event of one process: the earliest, among those that wait for nothing. */
  #releaseNext(now: number): void {
    let best: { source: string; event: TraceEvent; rank: number } | undefined;
    for (const [source, [head]] of this.#sources) {
      if (head === undefined) continue;
      const candidate = { source, event: head.event, rank: this.#rank(head, now) };
      if (best === undefined || precedes(candidate, best)) best = candidate;
    }
    if (best !== undefined) this.#release(best.source, best.event);
  }

  /**
   * What a receipt still waits for: 0 nothing, 1 a sending that may yet come, 2 a sending that is
   * here behind others. Higher ranks leave only where there is no lower one, so that events which
   * contradict each other cannot wait for each other for ever.
   */
  #rank(held: Held, now: number): number {
    if (packetEnd(held.event.hop)?.end !== 'received') return 0;
    if (this.#waiting.has(held.event)) return 2;
    return held.due <= now || this.#underWay.has(held.event) ? 0 : 1;
  }

  #release(source: string, event: TraceEvent): void {
    const queue = this.#sources.get(source);
    queue?.shift();
    if (queue?.length === 0) this.#sources.delete(source);
    this.#size--;
    this.#follow(event);
    this.#onEvent(event);
  }

  #follow(event: TraceEvent): void {
    const end = packetEnd(event.hop)?.end;
    if (end === 'received') this.#underWay.delete(event);
    if (end !== 'sent') return;
    this.#waiting.delete(event);
    this.#underWay.add(event);
    if (this.#underWay.size > this.#capacity) this.#underWay.dropOldest();
  }
}

interface Candidate {
  readonly event: TraceEvent;
  readonly rank: number;
}

function precedes(one: Candidate, other: Candidate): boolean {
  return one.rank === other.rank ? one.event.at < other.event.at : one.rank < other.rank;
}
