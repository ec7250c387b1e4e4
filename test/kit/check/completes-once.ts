import { HOPS } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import type { BlockRequest } from './block-requests.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent } from './describe-event.ts';
import { isWithin } from './scenario-end.ts';
import { stuckAt } from './stuck.ts';
import { isGuestDead, isHostDead, isSwallowed, isTouched } from './touched.ts';

/**
 * I1: a request is never completed twice, and always once, unless its side died. One that nothing
 * would have completed, had its world not taken the VF down, is one that was not completed.
 */
export const completesOnce: Checker = {
  id: 'I1',
  rule: 'A request completes at most once, and exactly once unless its side died.',
  check(run) {
    const start = run.events[0]?.at ?? 0;
    const breaches: Finding[] = [];
    const doubts: Finding[] = [];
    for (const request of run.history.requests) {
      const { call, irpCompleted, returned } = request;
      const what = `${call.device}: ${describeEvent(call, start)}`;
      const twice = [irpCompleted, returned].find((events) => events.length > 1);
      if (twice !== undefined) breaches.push(completedTwice(what, call, twice));
      else if (returned.length === 0 && !isExcused(run, call)) {
        const finding = { why: `${what} was never completed`, events: [call.seq] };
        (isSwallowed(run, call.device) ? doubts : breaches).push(finding);
      } else if (twice === undefined) {
        const stuck = stood(run, request, what);
        if (stuck !== undefined) breaches.push(stuck);
      }
    }
    return verdict(this.id, breaches, doubts);
  },
};

/** That a request stood still when the scenario ended; undefined when it did not, or no wonder. */
function stood(run: Run, request: BlockRequest, what: string): Finding | undefined {
  const { call } = request;
  const stuck = stuckAt(run, request);
  if (stuck === undefined || isExcused(run, call) || isHostDead(run)) return undefined;
  if (isTouched(run, request) || hasEnded(run, call)) return undefined;
  const last = describeEvent(stuck, run.events[0]?.at ?? 0);
  const why = `${what} was not completed before the scenario ended: the last that was seen of it is ${last}, where ${HOPS[stuck.hop].what}`;
  return { why, events: [call.seq, stuck.seq] };
}

/** Whether the VF of a request had ended before the scenario did, and its requests with it. */
function hasEnded(run: Run, { device, generation }: TraceEvent): boolean {
  const life = run.history.lives.find(
    (each) => each.device === device && each.generation === generation,
  );
  return [life?.halted, life?.closed, life?.freed].some((event) => isWithin(run, event));
}

/** A fault that answers an IRP before the VPCI driver has it leaves no trace of its completion. */
function isExcused(run: Run, { seq, device }: TraceEvent): boolean {
  const isAnswered = run.faults.some((each) => each.seq === seq && each.fault.verb === 'replyWith');
  return isAnswered || isGuestDead(run, device);
}

function completedTwice(what: string, call: TraceEvent, twice: readonly TraceEvent[]): Finding {
  const seqs = twice.map(({ seq }) => seq);
  const why = `${what} was completed ${twice.length} times, at events ${seqs.join(' and ')}`;
  return { why, events: [call.seq, ...seqs] };
}
