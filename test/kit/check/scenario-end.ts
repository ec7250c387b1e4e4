import type { TraceEvent } from '#shared/trace/trace.ts';
import type { Run } from './checker.ts';

/**
 * Whether an event happened before the scenario had ended. What the world does after that, to take
 * its sides down, explains nothing that the scenario left undone.
 */
export function isWithin({ end }: Pick<Run, 'end'>, event: TraceEvent | undefined): boolean {
  return event !== undefined && (end === undefined || event.seq <= end);
}
