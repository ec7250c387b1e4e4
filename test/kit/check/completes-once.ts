import type { TraceEvent } from '#shared/trace/trace.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent } from './describe-event.ts';
import { isGuestDead, isSwallowed } from './touched.ts';

/** I1: a request is never completed twice, and always once, unless its side died. */
export const completesOnce: Checker = {
  id: 'I1',
  rule: 'A request completes at most once, and exactly once unless its side died.',
  check(run) {
    const start = run.events[0]?.at ?? 0;
    const breaches: Finding[] = [];
    const doubts: Finding[] = [];
    for (const { call, irpCompleted, returned } of run.history.requests) {
      const what = `${call.device}: ${describeEvent(call, start)}`;
      const twice = [irpCompleted, returned].find((events) => events.length > 1);
      if (twice !== undefined) breaches.push(completedTwice(what, call, twice));
      else if (returned.length === 0 && !isExcused(run, call)) {
        const finding = { why: `${what} was never completed`, events: [call.seq] };
        (isSwallowed(run, call.device) ? doubts : breaches).push(finding);
      }
    }
    return verdict(this.id, breaches, doubts);
  },
};

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
