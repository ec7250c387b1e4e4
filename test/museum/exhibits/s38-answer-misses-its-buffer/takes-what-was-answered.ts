import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REPLY_BLOCK, REPORT_BLOCK } from '../../drivers/mail.ts';

/** What a caller has in its buffer is what the PF answered to its command. */
export const takesWhatWasAnswered: Checker = {
  id: 'S38',
  rule: 'What a VF takes for the answer to a command is what the PF answered to it.',
  check(run) {
    const answers = mailsAnswered(run, REPLY_BLOCK);
    const breaches = mailsWritten(run, REPORT_BLOCK).flatMap(({ event, mail, life }) => {
      const answer = answers.findLast(
        (each) => each.life === life && each.mail.code === mail.code && each.event.seq < event.seq,
      );
      if (answer === undefined || answer.mail.value === mail.value) return [];
      const why = `the PF answered ${answer.mail.value} to command ${mail.code} of VF ${life.vfId} (${life.device}) at event ${answer.event.seq}, and the VF took ${mail.value} for the answer (event ${event.seq})`;
      return [{ why, events: [answer.event.seq, event.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
