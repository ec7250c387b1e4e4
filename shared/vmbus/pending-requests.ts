import type { RequestDescriptor } from '../wire/descriptor.ts';
import type { ChannelError } from './channel-error.ts';

/** A request that was sent and waits for its completion. */
export interface PendingRequest {
  readonly transactionId: number;
  readonly descriptor: RequestDescriptor;
  /** The trace event of its sending. */
  readonly cause: number;
  /** `cause` is the trace event of what settles it. */
  settle(reply: unknown, cause: number): void;
}

interface Waiting {
  readonly request: PendingRequest;
  next: Waiting | undefined;
}

/**
 * The requests of one channel that wait. Transaction ids only ever count up, so that a completion
 * that comes late, twice or forged finds nothing and cannot settle a newer request.
 *
 * They are in a list, in the order of their sending. It is short, and what completes is mostly its
 * first: a map would be built anew for each request of a channel that has one at a time.
 */
export class PendingRequests {
  #first: Waiting | undefined;
  #last: Waiting | undefined;
  #size = 0;
  #lastId = 0;

  get size(): number {
    return this.#size;
  }

  /** The next transaction id; also taken for packets that want no completion. */
  nextId(): number {
    return ++this.#lastId;
  }

  add(request: PendingRequest): void {
    const waiting: Waiting = { request, next: undefined };
    if (this.#last === undefined) this.#first = waiting;
    else this.#last.next = waiting;
    this.#last = waiting;
    this.#size++;
  }

  get(id: number): PendingRequest | undefined {
    let waiting = this.#first;
    while (waiting !== undefined && waiting.request.transactionId !== id) waiting = waiting.next;
    return waiting?.request;
  }

  /** Removes a request, which no longer waits. */
  remove(request: PendingRequest): void {
    let before: Waiting | undefined;
    let waiting = this.#first;
    while (waiting !== undefined && waiting.request !== request) {
      before = waiting;
      waiting = waiting.next;
    }
    if (waiting === undefined) return;
    if (before === undefined) this.#first = waiting.next;
    else before.next = waiting.next;
    if (waiting.next === undefined) this.#last = before;
    this.#size--;
  }

  /** Settles all that wait with the error of a channel that is gone. */
  failAll(error: ChannelError): void {
    let waiting = this.#first;
    this.#first = undefined;
    this.#last = undefined;
    this.#size = 0;
    for (; waiting !== undefined; waiting = waiting.next) {
      waiting.request.settle(error, waiting.request.cause);
    }
  }
}
