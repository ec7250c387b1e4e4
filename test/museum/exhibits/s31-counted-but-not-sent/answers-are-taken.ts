import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REPLY_BLOCK, REPORT_BLOCK } from '../../drivers/mail.ts';

/** A request that was answered in time counts as answered. */
export const answersAreTaken: Checker = {
  id: 'S31',
  rule: 'A VF takes every answer that comes in time.',
  check(run) {
    const reports = mailsWritten(run, REPORT_BLOCK);
    const breaches = mailsAnswered(run, REPLY_BLOCK).flatMap(({ event, mail, life }) => {
      const { matchId } = mail;
      if (reports.some((each) => each.life === life && each.mail.matchId === matchId)) return [];
      const why = `VF ${life.vfId} (${life.device}) had the answer to request ${matchId} at event ${event.seq}, and waited on until its time-out`;
      return [{ why, events: [event.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
