import type { ContractObserver } from '../ndis/contract-observer.ts';
import type { NdisStatus } from '../ndis/ndis-status.ts';
import type { OidAnswer } from '../ndis/oid-queue.ts';
import type { NdisOidRequest } from '../ndis/oid-request.ts';
import type { KernelServices } from '../nt/kernel-services.ts';
import type { Clock } from '../time/clock.ts';
import type { TraceEvent } from '../trace/trace.ts';
import { AdapterCalls } from './adapter-calls.ts';
import { AdapterLife } from './adapter-life.ts';
import { DriverCode } from './driver-code.ts';
import { EntryPoints } from './entry-points.ts';
import { type Interposer, interposed } from './interposed.ts';
import { type OidHooks, OidWatch } from './oid-watch.ts';
import type { Verifier, WatchedActor } from './verifier.ts';

/** What the adapters of both sides have. */
interface AnyAdapter extends KernelServices {
  readonly clock: Clock;
  ndisMOidRequestComplete(request: NdisOidRequest, status: NdisStatus): void;
}

/** What the miniports of both sides have. */
interface AnyMiniport {
  miniportOidRequest(request: NdisOidRequest): OidAnswer;
}

/** What one side adds to the rules of both. */
export interface SideRules extends OidHooks {
  /** Functions of NDIS that are for the other kind of miniport, and the rule that says so. */
  readonly foreign: readonly string[];
  readonly foreignRule: 'actor.pf-only' | 'actor.vf-only';
  /** The miniport called a function of its adapter. */
  called?(name: string, args: readonly unknown[], event: TraceEvent | undefined): void;
  /** MiniportHaltEx is about to be called. */
  halting?(args: readonly unknown[]): void;
  /** The adapter is gone. */
  ended?(): void;
}

/** What the watch around a miniport is made of. */
export interface WatchParts<A, M> {
  readonly verifier: Verifier;
  readonly actor: WatchedActor;
  readonly factory: (adapter: A) => M;
  /** Time, which does not call the driver. */
  readonly clock: Clock;
  readonly rules: (code: DriverCode) => SideRules;
  /** What stands in for members that only the adapters of one side have. */
  readonly replaced?: (adapter: A, code: DriverCode, calls: AdapterCalls) => Partial<A>;
}

/** A miniport that is watched: what NDIS calls in its place, and what NDIS tells of it. */
export interface WatchedFactory<A, M> {
  readonly factory: (adapter: A) => M;
  readonly observer: ContractObserver;
}

/** Puts a watch around the one miniport that `factory` makes. */
export function watchMiniport<A extends AnyAdapter, M extends AnyMiniport>(
  parts: WatchParts<A, M>,
): WatchedFactory<A, M> {
  let watch: MiniportWatch<A, M> | undefined;
  return {
    factory(adapter) {
      watch = new MiniportWatch(parts, adapter);
      return watch.miniport();
    },
    observer: {
      queued: (request) => watch?.oids.queued(request),
      violated: (request, violation) => watch?.oids.violated(request, violation),
      broke: (breach) => parts.verifier.found(parts.actor, breach),
    },
  };
}

/** All that stands between one miniport and its NDIS. */
class MiniportWatch<A extends AnyAdapter, M extends AnyMiniport> {
  readonly oids: OidWatch;
  readonly #parts: WatchParts<A, M>;
  readonly #code: DriverCode;
  readonly #rules: SideRules;
  readonly #life = new AdapterLife();
  readonly #calls: AdapterCalls;
  readonly #adapter: A;

  constructor(parts: WatchParts<A, M>, adapter: A) {
    this.#parts = parts;
    this.#code = new DriverCode(parts.actor, parts.verifier, adapter);
    this.#rules = parts.rules(this.#code);
    this.oids = new OidWatch(this.#code, this.#life, parts.clock, this.#rules);
    this.#calls = new AdapterCalls(this.#code, this.#life, adapter);
    this.#adapter = this.#watched(adapter);
  }

  /** The miniport as NDIS is to call it. */
  miniport(): M {
    const adapter = this.#adapter;
    const miniport = this.#code.run('the factory', [], () => this.#parts.factory(adapter));
    const ended = (): void => this.#rules.ended?.();
    const entryPoints = new EntryPoints(this.#code, this.#life, this.oids, ended);
    return entryPoints.of(miniport, adapter, (args) => this.#rules.halting?.(args));
  }

  /** The adapter as the miniport gets it. */
  #watched(adapter: A): A {
    const { foreign, foreignRule } = this.#rules;
    const calls = this.#calls;
    const replaced: Partial<AnyAdapter> = {
      ...calls.kernel(),
      clock: calls.clock(adapter.clock),
      ndisMOidRequestComplete: (request, status) =>
        this.oids.complete(request, status, adapter.ndisMOidRequestComplete),
    };
    const interposer: Interposer = {
      function: (name, original) =>
        calls.watched(name, original, (args, event) => this.#rules.called?.(name, args, event)),
      missing: (name) => (foreign.includes(name) ? calls.foreign(name, foreignRule) : undefined),
    };
    const ofSide = this.#parts.replaced?.(adapter, this.#code, calls) ?? {};
    return interposed<A>(adapter, interposer, Object.assign(ofSide, replaced as Partial<A>));
  }
}
