import type { VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { FaultEngine } from './fault-engine.ts';
import { FaultyCalls } from './faulty-calls.ts';
import { faultyAllocator } from './faulty-memory.ts';
import { overriding } from './overriding.ts';

/** A PF miniport whose calls faults befall; the miniport itself where there are none. */
export function faultyPf(
  factory: PfMiniportFactory,
  engine: FaultEngine,
  clock: Clock,
): PfMiniportFactory {
  if (!engine.hasRules) return factory;
  return (given) => {
    const adapter = overriding(given, {
      ndisAllocateMemoryWithTagPriority: faultyAllocator(
        given.ndisAllocateMemoryWithTagPriority,
        engine,
      ),
    });
    const pf = factory(adapter);
    const calls = new FaultyCalls(engine, clock);
    return overriding(pf, {
      miniportInitializeEx: () =>
        calls.call(
          'pfMiniportInitializeEx',
          () => pf.miniportInitializeEx?.(adapter) ?? 0,
          (status) => status,
        ),
      miniportOidRequest: (request) =>
        calls.oid(
          'pfMiniportOidRequest',
          request,
          () => pf.miniportOidRequest(request),
          adapter.ndisMOidRequestComplete,
        ),
      miniportHaltEx: () =>
        calls.call(
          'pfMiniportHaltEx',
          () => pf.miniportHaltEx?.(),
          () => {},
        ),
    });
  };
}

/** A VF miniport whose calls faults befall; the miniport itself where there are none. */
export function faultyVf(
  factory: VfMiniportFactory,
  engine: FaultEngine,
  clock: Clock,
): VfMiniportFactory {
  if (!engine.hasRules) return factory;
  return (given) => {
    const adapter = overriding(given, {
      ndisAllocateMemoryWithTagPriority: faultyAllocator(
        given.ndisAllocateMemoryWithTagPriority,
        engine,
      ),
    });
    const vf = factory(adapter);
    const calls = new FaultyCalls(engine, clock);
    return overriding(vf, {
      miniportInitializeEx: () =>
        calls.call(
          'vfMiniportInitializeEx',
          () => vf.miniportInitializeEx?.(adapter) ?? 0,
          (status) => status,
        ),
      miniportOidRequest: (request) =>
        calls.oid(
          'vfMiniportOidRequest',
          request,
          () => vf.miniportOidRequest(request),
          adapter.ndisMOidRequestComplete,
        ),
      miniportHaltEx: (action) =>
        calls.call(
          'vfMiniportHaltEx',
          () => vf.miniportHaltEx?.(action),
          () => {},
        ),
    });
  };
}
