import { milliseconds } from '../duration.ts';
import type { WorldOptions } from './world-options.ts';

const LONGEST_MS = 60_000;

/**
 * How long a world lets time pass when its sides have stopped, in milliseconds: what was under way then
 * still comes, to sides that no longer expect it, however long a fault or the channel makes it wait.
 */
export function aftermath({ faults = [], latency = 0 }: WorldOptions): number {
  const delays = faults.map(({ do: fault }) =>
    fault.verb === 'delay' ? milliseconds(fault.by) : 0,
  );
  return LONGEST_MS + milliseconds(latency) + Math.max(0, ...delays);
}
