import type { NdisOidRequest } from '../ndis/oid-request.ts';
import type { TraceEvent } from '../trace/trace.ts';

/** What a buffer is filled with once it is no longer the miniport's. */
const POISON = 0x6b;
/** So many completed requests are looked at again for what a miniport still writes to them. */
const WATCHED_LONGER = 8;

/** A request in the hands of a miniport. */
export interface Loan {
  readonly request: NdisOidRequest;
  readonly events: readonly (TraceEvent | undefined)[];
}

interface OpenLoan extends Loan {
  readonly buffer: Uint8Array;
  isOver: boolean;
}

/**
 * Hands OID requests to a miniport so that what it does with one after its completion is seen: it gets
 * a stand-in whose members are watched, and whose information buffer is a copy that is filled with a
 * poison at the completion. A read of the poisoned bytes by themselves cannot be seen, but does not
 * pass for good either.
 */
export class LentRequests {
  readonly #touched: (loan: Loan, how: string) => void;
  /** By the stand-in, and by the request behind it. */
  readonly #loans = new WeakMap<NdisOidRequest, OpenLoan>();
  readonly #over: OpenLoan[] = [];
  #isChecking = false;

  /** `touched` is told of a request that the miniport used after it had completed it. */
  constructor(touched: (loan: Loan, how: string) => void) {
    this.#touched = touched;
  }

  /** What the miniport gets instead of a request. */
  lend(request: NdisOidRequest, events: Loan['events']): NdisOidRequest {
    this.check();
    const buffer = request.informationBuffer.slice();
    const loan: OpenLoan = { request, events, buffer, isOver: false };
    const standIn = new Proxy(request, {
      get: (target, key) => {
        if (typeof key === 'string') this.#look(loan, key, 'read');
        return key === 'informationBuffer' ? buffer : Reflect.get(target, key);
      },
      set: (target, key, value) => {
        if (typeof key === 'string') this.#look(loan, key, 'wrote');
        // Where the buffer is, is NDIS's to say.
        const isIgnored = loan.isOver || key === 'informationBuffer';
        return isIgnored || Reflect.set(target, key, value);
      },
    });
    this.#loans.set(standIn, loan);
    this.#loans.set(request, loan);
    return standIn;
  }

  /** The loan of a stand-in, or of the request behind it; undefined for what was never lent. */
  loanOf(request: NdisOidRequest): Loan | undefined {
    return this.#loans.get(request);
  }

  /** The miniport completes the request: it is NDIS's again, with what was written to it. */
  takeBack(standIn: NdisOidRequest): void {
    const loan = this.#loans.get(standIn);
    if (loan === undefined || loan.isOver) return;
    loan.isOver = true;
    // A miniport that has given the buffer away, to a worker for instance, has left nothing in it.
    if (loan.buffer.byteLength > 0) {
      loan.request.informationBuffer.set(loan.buffer);
      loan.buffer.fill(POISON);
    }
    this.#over.push(loan);
    if (this.#over.length > WATCHED_LONGER) this.#checkFirst();
    this.#checkSoon();
  }

  /** Looks for what was written to the buffers of completed requests. */
  check(): void {
    for (let left = this.#over.length; left > 0; left--) {
      const loan = this.#checkFirst();
      if (loan !== undefined) this.#over.push(loan);
    }
  }

  /** A write right after the completion is found in the next turn, and not at the next request only. */
  #checkSoon(): void {
    if (this.#isChecking) return;
    this.#isChecking = true;
    setImmediate(() => {
      this.#isChecking = false;
      this.check();
    });
  }

  /** Takes the first off the list; returns it when nothing was written to it. */
  #checkFirst(): OpenLoan | undefined {
    const loan = this.#over.shift();
    if (loan === undefined || isPoison(loan.buffer)) return loan;
    this.#touched(loan, 'it wrote to the information buffer');
    return undefined;
  }

  #look(loan: OpenLoan, member: string, how: 'read' | 'wrote'): void {
    if (loan.isOver && member in loan.request) this.#touched(loan, `it ${how} ${member}`);
  }
}

/** In a loop: a miniport's buffers are looked at several times for each request. */
function isPoison(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.byteLength; at++) if (bytes[at] !== POISON) return false;
  return true;
}
