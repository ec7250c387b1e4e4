import { NDIS_STATUS } from '../ndis/ndis-status.ts';
import type { OidAnswer } from '../ndis/oid-queue.ts';
import type { NdisOidRequest } from '../ndis/oid-request.ts';
import type { TraceEvent } from '../trace/trace.ts';
import type { AdapterLife } from './adapter-life.ts';
import type { DriverCode } from './driver-code.ts';
import { type ContractFunction, documentedName, interposed } from './interposed.ts';
import type { OidWatch } from './oid-watch.ts';

/** Calls the entry points of a miniport for NDIS, and learns from them when its adapter ends. */
export class EntryPoints {
  readonly #code: DriverCode;
  readonly #life: AdapterLife;
  readonly #oids: OidWatch;
  readonly #ended: () => void;

  /** `ended` is told when the miniport has returned for the last time. */
  constructor(code: DriverCode, life: AdapterLife, oids: OidWatch, ended: () => void) {
    this.#code = code;
    this.#life = life;
    this.#oids = oids;
    this.#ended = ended;
  }

  /** A miniport as NDIS is to call it; where NDIS hands over an adapter, it gets this one. */
  of<M extends object>(
    miniport: M,
    adapter: object,
    halting: (args: readonly unknown[]) => void,
  ): M {
    return interposed(miniport, {
      function: (name, original) => {
        switch (name) {
          case 'miniportOidRequest':
            return (request) => this.#serve(request as NdisOidRequest, original);
          case 'miniportInitializeEx':
            return () => this.#initialize(original, [adapter]);
          case 'miniportHaltEx':
            return (...args) => this.#halt(halting, original, args);
          case 'miniportCancelOidRequest':
            return (...args) => this.#run(name, original, args);
          default:
            return (...args) => this.#run(name, original, args, []);
        }
      },
      // A miniport need not have one, and its adapter ends all the same.
      missing: (name) =>
        name === 'miniportHaltEx'
          ? (...args) => this.#halt(halting, () => undefined, args)
          : undefined,
    });
  }

  #serve(request: NdisOidRequest, original: ContractFunction): OidAnswer {
    return this.#oids.serve(request, (standIn) => original(standIn) as OidAnswer);
  }

  #initialize(original: ContractFunction, args: readonly unknown[]): unknown {
    const event = this.#code.verifier.recent.latest;
    const how = 'MiniportInitializeEx had failed';
    return this.#ending(how, event, isFailure, () =>
      this.#run('miniportInitializeEx', original, args),
    );
  }

  #halt(
    halting: (args: readonly unknown[]) => void,
    original: ContractFunction,
    args: readonly unknown[],
  ): unknown {
    halting(args);
    const event = this.#code.verifier.recent.latest;
    const how = 'MiniportHaltEx had returned';
    return this.#ending(how, event, always, () => this.#run('miniportHaltEx', original, args));
  }

  /** NDIS has traced the call right before it, unless `context` is something else. */
  #run(
    name: string,
    original: ContractFunction,
    args: readonly unknown[],
    context: readonly (TraceEvent | undefined)[] = [this.#code.verifier.recent.latest],
  ): unknown {
    return this.#code.run(documentedName(name), context, () => original(...args));
  }

  /** Makes a call after which the adapter is gone, if it comes to what `isEnd` says or fails. */
  #ending(
    how: string,
    event: TraceEvent | undefined,
    isEnd: (answer: unknown) => boolean,
    call: () => unknown,
  ): unknown {
    const end = (): void => {
      this.#life.end(how, event);
      this.#oids.end();
      this.#ended();
    };
    let answer: unknown;
    try {
      answer = call();
    } catch (error) {
      end();
      throw error;
    }
    if (!(answer instanceof Promise)) {
      if (isEnd(answer)) end();
      return answer;
    }
    return answer.then(
      (settled: unknown) => {
        if (isEnd(settled)) end();
        return settled;
      },
      (error: unknown) => {
        end();
        throw error;
      },
    );
  }
}

function isFailure(answer: unknown): boolean {
  return answer !== undefined && answer !== NDIS_STATUS.NDIS_STATUS_SUCCESS;
}

function always(): boolean {
  return true;
}
