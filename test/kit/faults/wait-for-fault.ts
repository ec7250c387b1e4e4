import { type Clock, delay } from '#shared/time/clock.ts';
import { milliseconds } from '../duration.ts';
import type { Fault } from './fault.ts';
import type { FaultEngine } from './fault-engine.ts';

/** The wait that a fault asks for; undefined for one that asks for none. */
export function waitFor(
  fault: Fault,
  engine: FaultEngine,
  clock: Clock,
): Promise<void> | undefined {
  if (fault.verb === 'delay') return delay(clock, milliseconds(fault.by));
  if (fault.verb !== 'hold') return undefined;
  return new Promise((resolve) => engine.onEvent(fault.until, resolve));
}
