import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REPLY_BLOCK, REQUEST_BLOCK } from '../../drivers/mail.ts';
import { ANSWER, COMMAND } from './recovering-pf.ts';

/** PF and VF agree on how far the VF has been set up. */
export const pfAgrees: Checker = {
  id: 'S42',
  rule: 'The PF refuses nothing of what a VF asks while it sets itself up.',
  check(run) {
    const requests = mailsWritten(run, REQUEST_BLOCK);
    const breaches = mailsAnswered(run, REPLY_BLOCK).flatMap(({ event, mail, life }) => {
      if (mail.value !== ANSWER.errorParameter) return [];
      const reset = requests.findLast(
        (each) =>
          each.life === life && each.mail.code === COMMAND.resetVf && each.event.seq < event.seq,
      );
      const because =
        reset === undefined
          ? ''
          : `; the VF had asked to be reset at event ${reset.event.seq}, and gone on`;
      const why = `the PF answered command ${mail.code} of VF ${life.vfId} (${life.device}) with ERR_PARAM at event ${event.seq}${because}`;
      const seqs = reset === undefined ? [event.seq] : [reset.event.seq, event.seq];
      return [{ why, events: seqs }];
    });
    return verdict(this.id, breaches);
  },
};
