import type { BlockRequest } from './block-requests.ts';
import type { Run } from './checker.ts';
import { type Checker, type Finding, verdict } from './checker.ts';
import { describeEvent } from './describe-event.ts';

/** I1: a request is never completed twice, and always once, unless its side died. */
export const completesOnce: Checker = {
  id: 'I1',
  rule: 'A request completes at most once, and exactly once unless its side died.',
  check(run) {
    const start = run.events[0]?.at ?? 0;
    const breaches: Finding[] = [];
    const doubts: Finding[] = [];
    for (const request of run.history.requests) {
      const { call, returned, irpCompleted } = request;
      const what = `${call.device}: ${describeEvent(call, start)}`;
      const twice = [irpCompleted, returned].find((events) => events.length > 1);
      if (twice !== undefined) {
        const seqs = twice.map(({ seq }) => seq);
        breaches.push({
          why: `${what} was completed ${twice.length} times, at events ${seqs.join(' and ')}`,
          events: [call.seq, ...seqs],
        });
      } else if (returned.length === 0 && !sideDied(run, request)) {
        const excuse = run.faults.some(({ fault }) => fault.verb === 'drop');
        const finding = { why: `${what} was never completed`, events: [call.seq] };
        (excuse ? doubts : breaches).push(finding);
      }
    }
    return verdict(this.id, breaches, doubts);
  },
};

/** Whether the guest that called was killed, which ends its trace. */
function sideDied({ faults, events }: Run, { call }: BlockRequest): boolean {
  return faults.some(({ fault, seq }) => {
    if (fault.verb !== 'kill' || fault.side !== 'guest') return false;
    const victim = events.find((event) => event.seq === seq)?.device;
    return guestOf(victim) === guestOf(call.device);
  });
}

function guestOf(device: string | undefined): string | undefined {
  return device?.slice(0, device.lastIndexOf('/'));
}
