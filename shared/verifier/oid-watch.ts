import { messageOf } from '../message-of.ts';
import type { ContractObserver } from '../ndis/contract-observer.ts';
import { isNdisStatus, NDIS_STATUS, type NdisStatus } from '../ndis/ndis-status.ts';
import { oidName } from '../ndis/oid.ts';
import type { OidAnswer, OidViolation } from '../ndis/oid-queue.ts';
import type { NdisOidRequest } from '../ndis/oid-request.ts';
import { describeViolation, stackOfViolation } from '../ndis/violation-report.ts';
import type { Clock, Timer } from '../time/clock.ts';
import type { AdapterLife } from './adapter-life.ts';
import type { DriverCode } from './driver-code.ts';
import { LentRequests, type Loan } from './lent-requests.ts';
import type { VerifierRuleId } from './rules.ts';

/** How long a miniport may hold a request that has no timeout of its own. */
const HELD_MS = 30_000;

/** What the rules of one side have to know of OID requests. */
export interface OidHooks {
  delivered?(loan: Loan): void;
  queued?(request: NdisOidRequest): void;
  completed?(loan: Loan, status: NdisStatus): void;
  /** Whether a request that ran out of time is told of by a rule of this side. */
  timedOut?(loan: Loan): boolean;
}

/** Watches a miniport serve its OID requests, of which it holds one at a time. */
export class OidWatch implements Pick<ContractObserver, 'queued' | 'violated'> {
  readonly #code: DriverCode;
  readonly #life: AdapterLife;
  readonly #clock: Clock;
  readonly #hooks: OidHooks;
  readonly #lent: LentRequests;
  #held: Loan | undefined;
  /** The request that the miniport names to NdisMOidRequestComplete right now. */
  #completing: NdisOidRequest | undefined;
  #limit: Timer | undefined;

  constructor(code: DriverCode, life: AdapterLife, clock: Clock, hooks: OidHooks) {
    this.#code = code;
    this.#life = life;
    this.#clock = clock;
    this.#hooks = hooks;
    this.#lent = new LentRequests((loan, how) =>
      this.#report('oid.left-alone-after-completion', loan, `${how} after it had completed it`),
    );
  }

  /** MiniportOidRequest, whose handler gets a stand-in for the request. */
  serve(request: NdisOidRequest, handler: (request: NdisOidRequest) => OidAnswer): OidAnswer {
    const { recent } = this.#code.verifier;
    const events = [recent.event(request.cause), recent.latest];
    const standIn = this.#lent.lend(request, events);
    const loan = { request, events };
    this.#held = loan;
    this.#hooks.delivered?.(loan);
    const answer = this.#code.run(
      'MiniportOidRequest',
      events,
      () => handler(standIn),
      () => {},
    );
    if (answer instanceof Promise) {
      this.#setLimit(loan);
      return answer.then(
        (status) => this.#answered(standIn, loan, status),
        (error: unknown) => {
          this.#letGo(loan);
          throw error;
        },
      );
    }
    if (answer === NDIS_STATUS.NDIS_STATUS_PENDING) this.#setLimit(loan);
    return this.#answered(standIn, loan, answer);
  }

  /** NdisMOidRequestComplete, which `complete` is for NDIS: the request is NDIS's again. */
  complete(
    standIn: NdisOidRequest,
    status: NdisStatus,
    complete: (request: NdisOidRequest, status: NdisStatus) => void,
  ): void {
    const loan = this.#lent.loanOf(standIn);
    if (loan !== undefined) this.#completed(standIn, loan, status);
    const outer = this.#completing;
    this.#completing = loan?.request ?? standIn;
    try {
      complete(this.#completing, status);
    } finally {
      this.#completing = outer;
    }
  }

  queued(request: NdisOidRequest): void {
    this.#hooks.queued?.(request);
  }

  violated(request: NdisOidRequest, violation: OidViolation): void {
    const loan = this.#lent.loanOf(request) ?? { request, events: [] };
    const what = describeViolation(violation);
    const stack = this.#stackOf(violation);
    const id = this.#ruleOf(request, violation);
    if (violation.rule === 'timed-out') {
      this.#limit?.cancel();
      if (this.#hooks.timedOut?.(loan) === true) return;
    }
    if (id !== undefined) this.#report(id, loan, what, { stack, isTraced: true });
  }

  /** The adapter is halted: what the miniport wrote to completed requests is looked for once more. */
  end(): void {
    this.#limit?.cancel();
    this.#lent.check();
  }

  #stackOf(violation: OidViolation): string | undefined {
    if (violation.rule === 'timed-out') return undefined;
    return violation.rule === 'threw' ? stackOfViolation(violation) : this.#code.here().stack;
  }

  #ruleOf(request: NdisOidRequest, violation: OidViolation): VerifierRuleId | undefined {
    switch (violation.rule) {
      case 'completed-twice':
        return this.#life.isOver ? 'halt.no-completion' : 'oid.completed-once';
      case 'completed-with-pending':
        return 'oid.not-completed-with-pending';
      case 'not-a-status':
        return 'oid.completed-with-a-status';
      case 'timed-out':
        return 'oid.completed-in-time';
      case 'completed-late':
        return this.#lateRule(request, violation.status);
      case 'threw':
        return this.#code.hasTold(violation.error) ? undefined : 'driver.no-exception';
      default:
        return violation satisfies never;
    }
  }

  /** A handler that blocked and returns at last has its own status; it was never pending. */
  #lateRule(request: NdisOidRequest, status: NdisStatus): VerifierRuleId | undefined {
    if (this.#life.isOver) return 'halt.no-completion';
    const isPending = this.#completing === request;
    const isAborted = status === NDIS_STATUS.NDIS_STATUS_REQUEST_ABORTED;
    return isPending && !isAborted ? 'oid.aborted-with-request-aborted' : undefined;
  }

  #answered(standIn: NdisOidRequest, loan: Loan, status: NdisStatus): NdisStatus {
    if (status !== NDIS_STATUS.NDIS_STATUS_PENDING) this.#completed(standIn, loan, status);
    return status;
  }

  #completed(standIn: NdisOidRequest, loan: Loan, status: NdisStatus): void {
    this.#lent.takeBack(standIn);
    if (!this.#letGo(loan)) return;
    if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) this.#checkBytes(loan);
    if (isNdisStatus(status)) this.#hooks.completed?.(loan, status);
  }

  /** The miniport holds the request no longer; false when it did not hold it. */
  #letGo(loan: Loan): boolean {
    if (this.#held?.request !== loan.request) return false;
    this.#held = undefined;
    this.#limit?.cancel();
    return true;
  }

  #checkBytes(loan: Loan): void {
    const { bytesWritten, bytesRead, inputBufferLength, outputBufferLength } = loan.request;
    const id = 'oid.bytes-in-the-buffer';
    if (!isLength(bytesWritten, outputBufferLength)) {
      this.#report(
        id,
        loan,
        `BytesWritten is ${messageOf(bytesWritten)}, of ${outputBufferLength}`,
      );
    }
    if (!isLength(bytesRead, inputBufferLength)) {
      this.#report(id, loan, `BytesRead is ${messageOf(bytesRead)}, of ${inputBufferLength}`);
    }
  }

  #setLimit(loan: Loan): void {
    if (loan.request.timeout !== 0) return;
    this.#limit = this.#clock.setTimer(HELD_MS, () => {
      if (this.#held?.request !== loan.request || this.#hooks.timedOut?.(loan) === true) return;
      const what = `the miniport holds the request for ${HELD_MS / 1000} s, and it has no timeout`;
      this.#report('oid.completed-in-time', loan, what, { stack: undefined });
    });
  }

  #report(
    id: VerifierRuleId,
    loan: Loan,
    what: string,
    more: { readonly stack?: string | undefined; readonly isTraced?: boolean } = this.#code.here(),
  ): void {
    const name = oidName(loan.request.oid);
    const { recent } = this.#code.verifier;
    const events = more.isTraced === true ? [...loan.events, recent.latest] : loan.events;
    this.#code.report({ ...more, id, name, what: `${name}: ${what}`, events });
  }
}

/** Whether a number of bytes that a miniport set is one, and no more than there is room for. */
function isLength(bytes: unknown, most: number): boolean {
  return typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 0 && bytes <= most;
}
