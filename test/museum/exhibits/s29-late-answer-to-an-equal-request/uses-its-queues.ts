import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REPLY_BLOCK, REPORT_BLOCK } from '../../drivers/mail.ts';
import { queueInPf } from './queue-user.ts';

/** The queue that a VF uses as its own is the one that the PF has for it. */
export const usesItsQueues: Checker = {
  id: 'S29',
  rule: 'A VF takes for the answer to a request only what the PF answered to that request.',
  check(run) {
    const answers = mailsAnswered(run, REPLY_BLOCK);
    const breaches = mailsWritten(run, REPORT_BLOCK).flatMap(({ event, mail, life }) => {
      const { matchId: queue, value } = mail;
      if (value === queueInPf(life.vfId, queue)) return [];
      const answer = answers.findLast(
        (each) => each.life === life && each.mail.value === value && each.event.seq < event.seq,
      );
      const whence =
        answer === undefined
          ? 'which the PF had never answered'
          : `which the PF had answered at event ${answer.event.seq} to request ${answer.mail.matchId}, for another queue`;
      return [
        {
          why: `VF ${life.vfId} (${life.device}) uses queue ${value} of the PF as its queue ${queue} (event ${event.seq}), ${whence}`,
          events: [...(answer === undefined ? [] : [answer.event.seq]), event.seq],
        },
      ];
    });
    return verdict(this.id, breaches);
  },
};
