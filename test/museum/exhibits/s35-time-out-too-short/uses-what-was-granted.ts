import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REPLY_BLOCK, REPORT_BLOCK } from '../../drivers/mail.ts';
import { isRefused, SET_QUEUE_PAIRS } from './control-queue-user.ts';

/** A VF that uses several queue pairs was granted them. */
export const usesWhatWasGranted: Checker = {
  id: 'S35',
  rule: 'A VF takes a command for done only when the PF has answered that command so.',
  check(run) {
    const answers = mailsAnswered(run, REPLY_BLOCK);
    const breaches = mailsWritten(run, REPORT_BLOCK).flatMap(({ event, mail, life }) => {
      const refusal = answers.find(
        (each) =>
          each.life === life && each.mail.code === SET_QUEUE_PAIRS && isRefused(each.mail.value),
      );
      if (mail.value === 1 || refusal === undefined) return [];
      return [
        {
          why: `VF ${life.vfId} (${life.device}) went over to ${mail.value} queue pairs at event ${event.seq}, and the PF refused them at event ${refusal.event.seq}`,
          events: [event.seq, refusal.event.seq],
        },
      ];
    });
    return verdict(this.id, breaches);
  },
};
