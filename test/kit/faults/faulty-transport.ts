import type { Clock } from '#shared/time/clock.ts';
import { Inbox } from '#shared/transport/inbox.ts';
import type { CloseDetails, Transport, TransportEvents } from '#shared/transport/transport.ts';
import { milliseconds } from '../duration.ts';
import type { Fault } from './fault.ts';
import type { FaultEngine } from './fault-engine.ts';
import { changedFrame, forgedPacket, replyTo } from './frame-faults.ts';
import { FRAME_HOPS } from './verbs.ts';

interface Queued {
  readonly text: string;
  ready: boolean;
}

export interface FaultyTransportOptions {
  readonly inner: Transport;
  readonly engine: FaultEngine;
  readonly clock: Clock;
  /** How long the next frame takes, in milliseconds; a channel keeps its order whatever this says. */
  readonly latency: () => number;
}

/** One end of a channel, whose frames faults befall as they leave. */
export class FaultyTransport implements Transport {
  readonly #options: FaultyTransportOptions;
  readonly #inbox = new Inbox();
  #queue: Queued[] = [];
  #overtaken: { text: string; behind: number }[] = [];
  #stopped = false;
  #dead = false;

  constructor(options: FaultyTransportOptions) {
    this.#options = options;
  }

  get congested(): boolean {
    return this.#stopped || this.#options.inner.congested;
  }

  send(text: string): void {
    if (this.#dead) return;
    const fault = this.#options.engine.take(FRAME_HOPS);
    if (fault === undefined) this.#sendLater(text, this.#options.latency());
    else this.#befall(text, fault);
  }

  close(details: CloseDetails): void {
    if (!this.#dead) this.#options.inner.close(details);
  }

  listen(events: TransportEvents): void {
    this.#inbox.listen(events);
    this.#options.inner.listen({
      message: (text) => {
        if (!this.#dead) this.#inbox.message(text);
      },
      close: (details) => {
        if (!this.#dead) this.#inbox.close(details);
      },
      drain: () => this.#inbox.drain(),
    });
  }

  /** The side that holds this end is dead: nothing leaves it, and nothing reaches it. */
  die(details: CloseDetails): void {
    this.#dead = true;
    this.#queue = [];
    this.#options.inner.close(details);
  }

  #befall(text: string, fault: Fault): void {
    const { engine } = this.#options;
    switch (fault.verb) {
      case 'drop':
        return;
      case 'delay':
        this.#sendLater(text, milliseconds(fault.by));
        return;
      case 'hold':
        engine.onEvent(fault.until, this.#enqueue(text));
        return;
      case 'duplicate':
        this.#sendLater(text, 0);
        this.#sendLater(text, 0);
        return;
      case 'forge':
        this.#sendLater(text, 0);
        this.#sendLater(forgedPacket(fault.message), 0);
        return;
      case 'reorder':
        this.#overtaken.push({ text, behind: fault.behind });
        return;
      case 'stopReading':
        this.#stopReading(text, fault.until);
        return;
      case 'replyWith':
        queueMicrotask(() => this.#inbox.message(replyTo(text, fault.reply)));
        return;
      default:
        this.#sendLater(changedFrame(text, fault), 0);
    }
  }

  #stopReading(text: string, until: Parameters<FaultEngine['onEvent']>[0]): void {
    this.#stopped = true;
    const release = this.#enqueue(text);
    this.#options.engine.onEvent(until, () => {
      this.#stopped = false;
      release();
      this.#inbox.drain();
    });
  }

  #sendLater(text: string, wait: number): void {
    if (wait === 0 && this.#queue.length === 0) {
      this.#pass(text);
      return;
    }
    const release = this.#enqueue(text);
    if (wait === 0) release();
    else this.#options.clock.setTimer(wait, release);
  }

  /** Queues a frame; calling what is returned lets it, and those that wait behind it, go. */
  #enqueue(text: string): () => void {
    const queued: Queued = { text, ready: false };
    this.#queue.push(queued);
    return () => {
      queued.ready = true;
      this.#flush();
    };
  }

  #flush(): void {
    while (this.#queue[0]?.ready === true) {
      const first = this.#queue.shift();
      if (first !== undefined) this.#pass(first.text);
    }
  }

  #pass(text: string): void {
    if (this.#dead) return;
    this.#options.inner.send(text);
    if (this.#overtaken.length === 0) return;
    const due = this.#overtaken.filter((each) => --each.behind <= 0);
    this.#overtaken = this.#overtaken.filter((each) => each.behind > 0);
    for (const each of due) this.#options.inner.send(each.text);
  }
}
