import type { FaultEngine } from './fault-engine.ts';
import { ALLOCATION_HOPS } from './verbs.ts';

type Allocate = (length: number) => Uint8Array | undefined;

/** An allocator of a driver, which has no memory when a fault says so. */
export function faultyAllocator(allocate: Allocate, engine: FaultEngine): Allocate {
  return (length) => {
    const memory = allocate(length);
    return engine.take(ALLOCATION_HOPS) === undefined ? memory : undefined;
  };
}
