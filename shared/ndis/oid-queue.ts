import type { Clock, Timer } from '../time/clock.ts';
import { isNdisStatus, NDIS_STATUS, type NdisStatus } from './ndis-status.ts';
import type { NdisOidRequest } from './oid-request.ts';

/**
 * What a miniport's OID handler answers. NDIS_STATUS_PENDING promises a later
 * NdisMOidRequestComplete. A promise stands for a call that has not returned yet: the handler runs
 * at PASSIVE_LEVEL, where it may block.
 */
export type OidAnswer = NdisStatus | Promise<NdisStatus>;

/** The miniport's side of the queue. */
export interface OidTarget {
  /**
   * What NDIS answers from what it knows; undefined for what it does not. Documents do not say
   * whether such an answer waits for the requests before it. It does not: it asks nothing of the
   * miniport, and one that hangs hides nothing of what NDIS knows.
   */
  answeredByNdis?(request: NdisOidRequest): NdisStatus | undefined;
  /** With what NDIS refuses a request whose turn has come; undefined when the miniport is to answer. */
  refusedByNdis?(request: NdisOidRequest): NdisStatus | undefined;
  miniportOidRequest(request: NdisOidRequest): OidAnswer;
  miniportCancelOidRequest(requestId: number): void;
}

/** A breach of the OID contract by a miniport; contained, and reported to whoever owns the queue. */
export type OidViolation =
  | { readonly rule: 'threw'; readonly error: unknown }
  | { readonly rule: 'completed-twice'; readonly status: NdisStatus }
  | { readonly rule: 'completed-late'; readonly status: NdisStatus }
  | { readonly rule: 'completed-with-pending' }
  | { readonly rule: 'not-a-status'; readonly answer: unknown }
  | { readonly rule: 'timed-out'; readonly waiting: number };

export interface OidQueueEvents {
  /** A request waits, because the miniport holds another one. */
  queued?(request: NdisOidRequest): void;
  delivering(request: NdisOidRequest): void;
  completed(request: NdisOidRequest, status: NdisStatus): void;
  violated(request: NdisOidRequest, violation: OidViolation): void;
}

type Completion = (status: NdisStatus) => void;

interface Entry {
  readonly request: NdisOidRequest;
  readonly complete: Completion;
  state: 'waiting' | 'outstanding' | 'completed' | 'aborted';
  timer: Timer | undefined;
  next: Entry | undefined;
}

/**
 * One OID at a time per adapter. While a miniport holds a request, NDIS does not call its handler
 * again for that adapter; what arrives meanwhile waits. Documents fix no order among the waiting;
 * the choice is first in, first out.
 *
 * Source: Microsoft Learn: MINIPORT_OID_REQUEST.
 */
export class OidQueue {
  readonly #target: OidTarget;
  readonly #clock: Clock;
  readonly #events: OidQueueEvents;
  readonly #aborted = new WeakSet<NdisOidRequest>();
  #current: Entry | undefined;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #waiting = 0;
  #pumping = false;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(target: OidTarget, clock: Clock, events: OidQueueEvents) {
    this.#target = target;
    this.#clock = clock;
    this.#events = events;
  }

  /** Requests that the miniport holds or that wait for it. */
  get outstanding(): number {
    return this.#waiting + (this.#current === undefined ? 0 : 1);
  }

  /** The request that the miniport holds. */
  get held(): NdisOidRequest | undefined {
    return this.#current?.request;
  }

  /** Queues a request; `complete` is called exactly once, possibly before `issue` returns. */
  issue(request: NdisOidRequest, complete: Completion): void {
    if (this.#closed) {
      complete(NDIS_STATUS.NDIS_STATUS_NOT_ACCEPTED);
      return;
    }
    const answered = this.#target.answeredByNdis?.(request);
    if (answered !== undefined) {
      complete(answered);
      return;
    }
    const entry: Entry = { request, complete, state: 'waiting', timer: undefined, next: undefined };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.#waiting++;
    if (this.#current !== undefined) this.#events.queued?.(request);
    this.#pump();
  }

  /** NdisMOidRequestComplete: the miniport completes a request it had left pending. */
  ndisMOidRequestComplete(request: NdisOidRequest, status: NdisStatus): void {
    const entry = this.#current;
    if (entry?.request === request) {
      this.#settle(entry, status);
      this.#pump();
    } else {
      const rule = this.#aborted.has(request) ? 'completed-late' : 'completed-twice';
      this.#events.violated(request, { rule, status });
    }
  }

  /**
   * Takes no further request and resolves once none is outstanding, which is what NDIS waits for
   * before it calls MiniportHaltEx.
   */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.outstanding > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /**
   * Aborts the request that the miniport holds, as when its timeout has run out, and with it those that
   * wait. Takes no further request.
   */
  abandon(): void {
    this.#closed = true;
    let waiting = this.#first;
    this.#first = undefined;
    this.#last = undefined;
    if (this.#current !== undefined) this.#timeOut(this.#current);
    this.#waiting = 0;
    for (; waiting !== undefined; waiting = waiting.next) {
      waiting.complete(NDIS_STATUS.NDIS_STATUS_REQUEST_ABORTED);
    }
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#current === undefined && this.#first !== undefined) this.#deliver(this.#first);
    } finally {
      this.#pumping = false;
    }
    if (this.outstanding > 0 || this.#idle.length === 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #deliver(entry: Entry): void {
    this.#first = entry.next;
    if (this.#first === undefined) this.#last = undefined;
    this.#waiting--;
    const refused = this.#target.refusedByNdis?.(entry.request);
    if (refused !== undefined) {
      entry.state = 'completed';
      entry.complete(refused);
      return;
    }
    this.#current = entry;
    entry.state = 'outstanding';
    this.#events.delivering(entry.request);
    const answer = this.#call(entry);
    if (answer === NDIS_STATUS.NDIS_STATUS_PENDING) this.#arm(entry);
    else if (answer instanceof Promise) this.#await(entry, answer);
    else this.#settle(entry, answer);
  }

  #call(entry: Entry): OidAnswer {
    try {
      return this.#target.miniportOidRequest(entry.request);
    } catch (error) {
      return this.#threw(entry, error);
    }
  }

  #threw(entry: Entry, error: unknown): NdisStatus {
    this.#events.violated(entry.request, { rule: 'threw', error });
    return NDIS_STATUS.NDIS_STATUS_FAILURE;
  }

  /** The handler has not returned yet; once it does, it may still say NDIS_STATUS_PENDING. */
  #await(entry: Entry, answer: Promise<NdisStatus>): void {
    this.#arm(entry);
    answer
      .catch((error: unknown) => this.#threw(entry, error))
      .then((status) => {
        if (status === NDIS_STATUS.NDIS_STATUS_PENDING) return;
        this.#settle(entry, status);
        this.#pump();
      })
      .catch((error: unknown) => this.#threw(entry, error));
  }

  #arm(entry: Entry): void {
    const { timeout } = entry.request;
    if (entry.state !== 'outstanding' || timeout === 0) return;
    entry.timer = this.#clock.setTimer(timeout * 1000, () => this.#timeOut(entry));
  }

  /**
   * NDIS cancels a request whose timeout ran out, and the miniport is to complete it with
   * NDIS_STATUS_REQUEST_ABORTED. Where it doesn't, the request ends all the same: documents are
   * silent, and one broken miniport would otherwise hold every VF of the adapter for ever.
   */
  #timeOut(entry: Entry): void {
    if (entry.state !== 'outstanding') return;
    this.#events.violated(entry.request, { rule: 'timed-out', waiting: this.#waiting });
    try {
      this.#target.miniportCancelOidRequest(entry.request.requestId);
    } catch (error) {
      this.#threw(entry, error);
    }
    this.#finish(entry, 'aborted', NDIS_STATUS.NDIS_STATUS_REQUEST_ABORTED);
    this.#pump();
  }

  #settle(entry: Entry, status: NdisStatus): void {
    if (entry.state === 'aborted') {
      this.#events.violated(entry.request, { rule: 'completed-late', status });
    } else if (entry.state !== 'outstanding') {
      this.#events.violated(entry.request, { rule: 'completed-twice', status });
    } else if (!isNdisStatus(status)) {
      this.#events.violated(entry.request, { rule: 'not-a-status', answer: status });
      this.#finish(entry, 'completed', NDIS_STATUS.NDIS_STATUS_FAILURE);
    } else if (status === NDIS_STATUS.NDIS_STATUS_PENDING) {
      this.#events.violated(entry.request, { rule: 'completed-with-pending' });
      this.#finish(entry, 'completed', NDIS_STATUS.NDIS_STATUS_FAILURE);
    } else {
      this.#finish(entry, 'completed', status >>> 0);
    }
  }

  #finish(entry: Entry, state: 'completed' | 'aborted', status: NdisStatus): void {
    if (entry.state !== 'outstanding') return;
    entry.state = state;
    if (state === 'aborted') this.#aborted.add(entry.request);
    entry.timer?.cancel();
    if (this.#current === entry) this.#current = undefined;
    this.#events.completed(entry.request, status);
    entry.complete(status);
  }
}
