import { createHash } from 'node:crypto';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** A hash of everything that a run's events show: two runs with the same hash went the same way. */
export function traceHash(events: readonly TraceEvent[]): string {
  const hash = createHash('sha256');
  for (const event of events) hash.update(`${JSON.stringify(event)}\n`);
  return hash.digest('hex');
}
