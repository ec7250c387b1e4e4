import { type Checker, verdict } from '../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REPLY_BLOCK, REQUEST_BLOCK } from './mail.ts';

/** Whatever a VF asks over its mailbox is answered; the checker of exhibit `id`. */
export function requestsAreAnswered(id: string): Checker {
  return {
    id,
    rule: 'Every request that the PF has taken from a mailbox is answered.',
    check(run) {
      const answers = mailsAnswered(run, REPLY_BLOCK);
      const breaches = mailsWritten(run, REQUEST_BLOCK).flatMap(({ event, mail, life }) => {
        const { matchId } = mail;
        if (answers.some((each) => each.life === life && each.mail.matchId === matchId)) return [];
        const why = `the PF took request ${matchId} of VF ${life.vfId} (${life.device}) at event ${event.seq} and never answered it`;
        return [{ why, events: [event.seq] }];
      });
      return verdict(id, breaches);
    },
  };
}
