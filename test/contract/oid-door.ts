import { NDIS_STATUS, type NdisStatus, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import { oidName } from '#shared/ndis/oid.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { demand } from './contract.ts';
import type { Patience } from './patience.ts';

/** A request that its miniport has completed. */
export interface Completed {
  readonly status: NdisStatus;
  readonly request: NdisOidRequest;
}

interface Outstanding {
  readonly request: NdisOidRequest;
  status: NdisStatus | undefined;
}

/**
 * Hands OID requests to a miniport as NDIS does, one at a time, and watches how it completes them.
 * What it does wrong outside of a request is kept in {@link breaches}.
 */
export class OidDoor {
  readonly breaches: string[];
  readonly #patience: Patience;
  readonly #serve: (request: NdisOidRequest) => OidAnswer;
  #current: Outstanding | undefined;
  #lastId = 0;
  #before: Promise<unknown> = Promise.resolve();

  constructor(
    patience: Patience,
    breaches: string[],
    serve: (request: NdisOidRequest) => OidAnswer,
  ) {
    this.#patience = patience;
    this.breaches = breaches;
    this.#serve = serve;
  }

  /** Issues a request, after those before it, and waits for its completion. */
  issue(parameters: OidRequestParameters): Promise<Completed> {
    const completed = this.#before.then(() => this.#issueNow(parameters));
    this.#before = completed.catch(() => {});
    return completed;
  }

  /** NdisMOidRequestComplete. */
  complete(request: NdisOidRequest, status: NdisStatus): void {
    if (this.#current?.request === request) this.#settle(this.#current, status);
    else this.breaches.push('it completed a request that it does not hold');
  }

  async #issueNow(parameters: OidRequestParameters): Promise<Completed> {
    const request = newOidRequest(parameters, { requestId: ++this.#lastId, timeout: 0 });
    const current: Outstanding = { request, status: undefined };
    this.#current = current;
    const name = oidName(request.oid);
    let thrown: { readonly error: unknown } | undefined;
    Promise.resolve()
      .then(() => this.#serve(request))
      .then((status) => {
        if (status !== NDIS_STATUS.NDIS_STATUS_PENDING) this.#settle(current, status);
      })
      .catch((error: unknown) => {
        thrown = { error };
      });
    const isOver = (): boolean => current.status !== undefined || thrown !== undefined;
    await this.#patience.until(name, isOver);
    this.#current = undefined;
    if (thrown !== undefined) throw thrown.error;
    const status = current.status ?? NDIS_STATUS.NDIS_STATUS_FAILURE;
    demand(Number.isInteger(status), `${name} was answered with ${String(status)}, no NDIS_STATUS`);
    return { status: status >>> 0, request };
  }

  #settle(current: Outstanding, status: NdisStatus): void {
    const name = oidName(current.request.oid);
    if (current.status !== undefined) this.breaches.push(`it completed ${name} twice`);
    else if (status === NDIS_STATUS.NDIS_STATUS_PENDING) {
      this.breaches.push(`it completed ${name} with NDIS_STATUS_PENDING`);
      current.status = NDIS_STATUS.NDIS_STATUS_FAILURE;
    } else current.status = status;
  }
}

/** Demands that a request was completed with one of these statuses. */
export function demandStatus({ status, request }: Completed, ...allowed: NdisStatus[]): void {
  const names = allowed.map(ndisStatusName).join(' or ');
  const name = oidName(request.oid);
  demand(allowed.includes(status), `${name}: ${ndisStatusName(status)} instead of ${names}`);
}

/** Demands that a request has failed, whichever way. */
export function demandFailure({ status, request }: Completed, what: string): void {
  const isSuccess = status === NDIS_STATUS.NDIS_STATUS_SUCCESS;
  demand(!isSuccess, `${oidName(request.oid)} of ${what} succeeded`);
}
