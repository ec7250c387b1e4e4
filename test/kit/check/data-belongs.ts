import type { BlockRequest } from './block-requests.ts';
import { type Checker, type Finding, verdict } from './checker.ts';
import { describeEvent } from './describe-event.ts';
import { isFalsified } from './touched.ts';

/** I2: what a VF reads is what the PF answered to that very request, and likewise what it writes. */
export const dataBelongs: Checker = {
  id: 'I2',
  rule: 'The data of a response belongs to its request.',
  check(run) {
    const start = run.events[0]?.at ?? 0;
    const breaches: Finding[] = [];
    for (const request of run.history.requests) {
      if (isFalsified(run, request)) continue;
      const why = request.kind === 'read' ? wrongRead(request) : wrongWrite(request);
      if (why === undefined) continue;
      const { call, atPf, returned } = request;
      breaches.push({
        why: `${call.device}: ${describeEvent(call, start)} ${why}`,
        events: [call, atPf, returned[0]].flatMap((event) => (event ? [event.seq] : [])),
      });
    }
    return verdict(this.id, breaches);
  },
};

function wrongRead({ returned, pfCompleted, isOnLinux }: BlockRequest): string | undefined {
  const [first] = returned;
  if (first?.status !== 0 || first.data === undefined) return undefined;
  if (pfCompleted?.data === undefined) {
    return `returned data at event ${first.seq}, and the PF had not answered it`;
  }
  const isAnswer = isOnLinux
    ? isPadded(first.data, pfCompleted.data)
    : first.data === pfCompleted.data;
  return isAnswer
    ? undefined
    : `returned ${short(first.data)} at event ${first.seq}, and the PF had answered ${short(pfCompleted.data)} at event ${pfCompleted.seq}`;
}

/** Linux learns the length of a packet in units of 8 bytes: up to 7 more seem to have been sent. */
const MOST_PADDING = '00'.repeat(7).length;

function isPadded(data: string, answered: string): boolean {
  return data.startsWith(answered) && data.length - answered.length <= MOST_PADDING;
}

function wrongWrite({ call, atPf }: BlockRequest): string | undefined {
  if (atPf?.data === undefined || call.data === undefined || atPf.data === call.data) {
    return undefined;
  }
  return `carried ${short(call.data)}, and ${short(atPf.data)} reached the PF at event ${atPf.seq}`;
}

const SHOWN = 32;

function short(data: string): string {
  return data.length > SHOWN ? `${data.slice(0, SHOWN)}… (${data.length / 2} bytes)` : data;
}
