import { type Clock, delay } from '#shared/time/clock.ts';
import type { Given } from './commands.ts';

const POLL_MS = 10;

/**
 * What this process holds, once `count` says that it has as many connections as expected and its
 * garbage has been collected. Managed memory is the JavaScript heap and what hangs on it outside
 * (buffers); it is the same from run to run, where the resident set also shows what the allocator
 * keeps for later.
 */
export async function measuredMemory(
  expected: number,
  count: () => number,
  clock: Clock,
): Promise<Given<'memory'>> {
  while (count() !== expected) await delay(clock, POLL_MS);
  // The second collection takes what the finalizers of the first let go.
  for (let pass = 0; pass < 2; pass++) {
    globalThis.gc?.();
    await delay(clock, POLL_MS);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { managedBytes: heapUsed + external, residentBytes: rss };
}
