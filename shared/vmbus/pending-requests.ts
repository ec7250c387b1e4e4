import type { RequestDescriptor } from '../wire/descriptor.ts';
import type { ChannelError } from './channel-error.ts';

/** A request that was sent and waits for its completion. */
export interface PendingRequest {
  readonly descriptor: RequestDescriptor;
  /** The trace event of its sending. */
  readonly cause: number;
  /** `cause` is the trace event of what settles it. */
  settle(reply: unknown, cause: number): void;
}

/**
 * The requests of one channel that wait. Transaction ids only ever count up, so that a completion
 * that comes late, twice or forged finds nothing and cannot settle a newer request.
 */
export class PendingRequests {
  /** None before the first request: a host, of which there is a channel for each VF, rarely makes one. */
  #pending: Map<number, PendingRequest> | undefined;
  #lastId = 0;

  get size(): number {
    return this.#pending?.size ?? 0;
  }

  /** The next transaction id; also taken for packets that want no completion. */
  nextId(): number {
    return ++this.#lastId;
  }

  add(id: number, request: PendingRequest): void {
    this.#pending ??= new Map();
    this.#pending.set(id, request);
  }

  get(id: number): PendingRequest | undefined {
    return this.#pending?.get(id);
  }

  take(id: number): void {
    this.#pending?.delete(id);
  }

  /** Settles all that wait with the error of a channel that is gone. */
  failAll(error: ChannelError): void {
    const waiting = [...(this.#pending?.values() ?? [])];
    this.#pending = undefined;
    for (const request of waiting) request.settle(error, request.cause);
  }
}
