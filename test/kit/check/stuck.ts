import type { TraceEvent } from '#shared/trace/trace.ts';
import type { BlockRequest } from './block-requests.ts';
import type { Run } from './checker.ts';
import { isOvertaken } from './overtaken.ts';
import { isWithin } from './scenario-end.ts';

/**
 * The last event of a request that stood still when the scenario ended; undefined for one that had
 * returned, or still went on, because it waited for the PF, or was on the channel. From each other
 * place a request goes on at once.
 */
export function stuckAt(run: Run, request: BlockRequest): TraceEvent | undefined {
  const { call, returned, sent, received, oid, atPf, pfCompleted } = request;
  const { completionSent, completionReceived, irpCompleted } = request;
  if (run.end === undefined || !isWithin(run, call) || isWithin(run, returned[0])) return undefined;
  const places = [sent, received, oid, atPf, pfCompleted, completionSent, completionReceived];
  const last = [...places, irpCompleted[0]].findLast((event) => isWithin(run, event));
  if (last === undefined || last === oid || last === atPf) return undefined;
  const isOnTheChannel = last === sent || last === completionSent;
  return isOnTheChannel && !isOvertaken(run, last) ? undefined : last;
}
