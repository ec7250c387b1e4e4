import type { NdisStatus } from '../ndis/ndis-status.ts';
import type { OidObserver } from '../ndis/oid-observer.ts';
import type { OidAnswer } from '../ndis/oid-queue.ts';
import type { NdisOidRequest } from '../ndis/oid-request.ts';
import type { KernelServices } from '../nt/kernel-services.ts';
import type { Clock } from '../time/clock.ts';
import type { TraceEvent } from '../trace/trace.ts';
import { AdapterCalls } from './adapter-calls.ts';
import { AdapterLife } from './adapter-life.ts';
import { DriverCode } from './driver-code.ts';
import { EntryPoints } from './entry-points.ts';
import { type ContractFunction, interposed } from './interposed.ts';
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

/** What watches a miniport is made of. */
export interface WatchParts<A, M> {
  readonly verifier: Verifier;
  readonly actor: WatchedActor;
  readonly factory: (adapter: A) => M;
  /** Time, which does not call the driver. */
  readonly clock: Clock;
  readonly rules: (code: DriverCode) => SideRules;
}

/** A miniport that is watched: what NDIS calls in its place, and what NDIS tells of it. */
export interface WatchedFactory<A, M> {
  readonly factory: (adapter: A) => M;
  readonly observer: OidObserver;
}

/** Puts a watch around the one miniport that `factory` makes. */
export function watchMiniport<A extends AnyAdapter, M extends AnyMiniport>(
  parts: WatchParts<A, M>,
): WatchedFactory<A, M> {
  let watch: OidWatch | undefined;
  return {
    factory(adapter) {
      const code = new DriverCode(parts.actor, parts.verifier, adapter);
      const rules = parts.rules(code);
      const life = new AdapterLife();
      const oids = new OidWatch(code, life, parts.clock, rules);
      watch = oids;
      const calls = new AdapterCalls(code, life, adapter);
      const own = watchedAdapter(adapter, calls, oids, rules);
      const miniport = code.run('the factory', [], () => parts.factory(own));
      const entryPoints = new EntryPoints(code, life, oids, () => rules.ended?.());
      return entryPoints.of(miniport, (args) => rules.halting?.(args));
    },
    observer: {
      queued: (request) => watch?.queued(request),
      violated: (request, violation) => watch?.violated(request, violation),
    },
  };
}

/** The adapter as the miniport gets it. */
function watchedAdapter<A extends AnyAdapter>(
  adapter: A,
  calls: AdapterCalls,
  oids: OidWatch,
  rules: SideRules,
): A {
  const called = rules.called?.bind(rules);
  const own: A = {
    ...adapter,
    ...calls.kernel(),
    clock: calls.clock(adapter.clock),
    ndisMOidRequestComplete: (request: NdisOidRequest, status: NdisStatus) =>
      oids.complete(request, status, adapter.ndisMOidRequestComplete),
  };
  return interposed(own, {
    function: (name: string, original: ContractFunction) =>
      calls.watched(name, original, (args, event) => called?.(name, args, event)),
    missing: (name) =>
      rules.foreign.includes(name) ? calls.foreign(name, rules.foreignRule) : undefined,
  });
}
