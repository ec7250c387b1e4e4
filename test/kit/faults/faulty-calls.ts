import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { FaultEngine } from './fault-engine.ts';
import { waitFor } from './wait-for-fault.ts';

/** What a fault threw in a miniport's name. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
}

/** The calls that NDIS makes into a miniport, with the faults that befall them. */
export class FaultyCalls {
  readonly #engine: FaultEngine;
  readonly #clock: Clock;

  constructor(engine: FaultEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** A call of MiniportOidRequest; `complete` is NdisMOidRequestComplete. */
  oid(
    hop: HopName,
    request: NdisOidRequest,
    handle: () => OidAnswer,
    complete: (request: NdisOidRequest, status: NdisStatus) => void,
  ): OidAnswer {
    const fault = this.#engine.take([hop]);
    if (fault === undefined) return handle();
    switch (fault.verb) {
      case 'throwInPlugIn':
        throw new FaultError(`${hop} threw`);
      case 'drop':
        return NDIS_STATUS.NDIS_STATUS_PENDING;
      case 'replyWith':
        return statusIn(fault.reply);
      case 'overrideStatus':
        return overridden(handle(), fault.status);
      case 'duplicate':
        return twice(handle(), (status) => complete(request, status));
      default:
        return waitFor(fault, this.#engine, this.#clock)?.then(handle) ?? handle();
    }
  }

  /** A call of another function of a miniport. `T` is a status, or nothing. */
  call<T>(hop: HopName, run: () => T | Promise<T>, replied: (status: number) => T): T | Promise<T> {
    const fault = this.#engine.take([hop]);
    if (fault === undefined) return run();
    if (fault.verb === 'throwInPlugIn') {
      if (hop.endsWith('HaltEx')) return thrownAfter(hop, run());
      throw new FaultError(`${hop} threw`);
    }
    if (fault.verb === 'replyWith') return replied(statusIn(fault.reply));
    return waitFor(fault, this.#engine, this.#clock)?.then(run) ?? run();
  }
}

/** The status that a reply names. */
export function statusIn(reply: Readonly<Record<string, unknown>>): number {
  const { status } = reply;
  return typeof status === 'number' ? status : NDIS_STATUS.NDIS_STATUS_FAILURE;
}

function overridden(answer: OidAnswer, status: number): OidAnswer {
  return answer instanceof Promise ? answer.then(() => status) : status;
}

/** A halt has done its work first: what it would leave behind otherwise is nobody's but its own. */
function thrownAfter<T>(hop: HopName, done: T | Promise<T>): Promise<T> {
  return Promise.resolve(done).then(() => {
    throw new FaultError(`${hop} threw`);
  });
}

/** Completes a request, and once more after it. */
function twice(answer: OidAnswer, again: (status: NdisStatus) => void): OidAnswer {
  const later = (status: NdisStatus): NdisStatus => {
    queueMicrotask(() => again(status));
    return status;
  };
  return answer instanceof Promise ? answer.then(later) : later(answer);
}
