import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { lifeAt } from '../../../kit/check/lives.ts';
import { mailsWritten, REQUEST_BLOCK } from '../../drivers/mail.ts';

const AT_MOST_MS = 100;

/** A VF that asks one thing has its answer soon, whatever another VF asks. */
export const answeredInTime: Checker = {
  id: 'S58',
  rule: 'A VF that asks one thing is answered within 100 ms, whatever other VFs ask.',
  check(run) {
    const requests = mailsWritten(run, REQUEST_BLOCK);
    const { lives, invalidations } = run.history;
    const breaches = lives.flatMap((life) => {
      const [request, second] = requests.filter((each) => each.life === life);
      if (request === undefined || second !== undefined) return [];
      const answer = invalidations.find(
        ({ event }) => lifeAt(lives, event.vfId, event.seq, event.pf) === life,
      );
      const took = answer && answer.event.at - request.event.at;
      if (took !== undefined && took <= AT_MOST_MS) return [];
      const before = requests.filter((each) => each.event.seq < request.event.seq).length;
      const when =
        answer === undefined
          ? 'and was never answered'
          : `and was answered ${Math.round(took ?? 0)} ms later, at event ${answer.event.seq}`;
      const why = `VF ${life.vfId} (${life.device}) asked one thing at event ${request.event.seq}, behind ${before} requests of others, ${when}`;
      return [{ why, events: [request.event.seq, ...(answer ? [answer.event.seq] : [])] }];
    });
    return verdict(this.id, breaches);
  },
};
