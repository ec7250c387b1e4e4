import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REPLY_BLOCK, REQUEST_BLOCK } from '../../drivers/mail.ts';

const AT_MOST_MS = 1000;

/** Half a second is half a second, whatever the clock on the wall shows. */
export const givesUp: Checker = {
  id: 'S32',
  rule: 'A VF that has no answer gives up within a second, and asks the next thing.',
  check(run) {
    const last = run.events.at(-1)?.at ?? 0;
    const requests = mailsWritten(run, REQUEST_BLOCK);
    const answers = mailsAnswered(run, REPLY_BLOCK);
    const breaches = requests.flatMap(({ event, mail, life }): readonly Finding[] => {
      const { matchId } = mail;
      if (matchId > 1 || answers.some((each) => each.life === life)) return [];
      const next = requests.find((each) => each.life === life && each.mail.matchId > matchId);
      const waited = (next?.event.at ?? last) - event.at;
      if (waited <= AT_MOST_MS) return [];
      const why = `VF ${life.vfId} (${life.device}) asked at event ${event.seq}, had no answer, and waited for ${(waited / 1000).toFixed(1)} s at least`;
      return [{ why, events: [event.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
