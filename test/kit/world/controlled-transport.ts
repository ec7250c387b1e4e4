import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { createLinkedPair } from '#shared/transport/in-memory.ts';
import type { CloseDetails, Transport, TransportEvents } from '#shared/transport/transport.ts';

/** Frames that an end remembers at least: a world may live for millions. */
const REMEMBERED_FRAMES = 100;

/** One end of a link, whose frames a test can watch, hold and drop. */
export class ControlledTransport implements Transport {
  readonly #inner: Transport;
  readonly #last: string[] = [];
  #framesSent = 0;
  #held: string[] | undefined;
  #congested = false;
  #events: TransportEvents | undefined;
  #closed: CloseDetails | undefined;
  #passes: (text: string) => boolean = () => true;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** The frames that this end was given to send, as JSON values: the last hundred or more. */
  get frames(): readonly Frame[] {
    return this.#last.map(frameOf);
  }

  /** How many frames this end was given to send. */
  get framesSent(): number {
    return this.#framesSent;
  }

  /** What this end was closed with, by either side. */
  get closed(): CloseDetails | undefined {
    return this.#closed;
  }

  get congested(): boolean {
    return this.#congested;
  }

  send(text: string): void {
    this.#remember(text);
    if (!this.#passes(text)) return;
    if (this.#held === undefined) this.#inner.send(text);
    else this.#held.push(text);
  }

  close(details: CloseDetails): void {
    this.#closed ??= details;
    this.#inner.close(details);
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    this.#inner.listen({
      ...events,
      close: (details) => {
        this.#closed ??= details;
        events.close(details);
      },
    });
  }

  /** Keeps the frames of this end from the other until {@link release}. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const text of held) this.#inner.send(text);
  }

  /** Drops the frames of this end that `drops` picks. */
  drop(drops: (frame: Frame) => boolean): void {
    this.#passes = (text) => !drops(frameOf(text));
  }

  /** The other end takes frames more slowly than they come, until {@link drain}. */
  congest(): void {
    this.#congested = true;
  }

  drain(): void {
    this.#congested = false;
    this.#events?.drain();
  }

  /** The connection breaks. */
  cut(): void {
    this.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
  }

  #remember(text: string): void {
    this.#framesSent++;
    if (this.#last.push(text) === 2 * REMEMBERED_FRAMES) this.#last.splice(0, REMEMBERED_FRAMES);
  }
}

/** A frame as a test looks at it. */
export interface Frame {
  readonly packet: string;
  readonly transactionId: number;
  readonly completionRequested?: boolean;
  readonly message: { readonly type?: string; readonly [field: string]: unknown };
}

/** The JSON value of a frame that this project's own code sent. */
export function frameOf(text: string): Frame {
  return JSON.parse(text) as Frame;
}

/** Two ends that carry text to each other inside one process. */
export function createControlledPair(): [ControlledTransport, ControlledTransport] {
  const [left, right] = createLinkedPair();
  return [new ControlledTransport(left), new ControlledTransport(right)];
}
