import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REQUEST_BLOCK } from '../../drivers/mail.ts';
import { COMMAND, STATE, STATE_BLOCK } from './queue-granting-pf.ts';

/** A VF that has seen its own reset through goes on to set itself up. */
export const startGoesOn: Checker = {
  id: 'S45',
  rule: 'A VF configures the queues that it has asked for, once its reset is over.',
  check(run) {
    const requests = mailsWritten(run, REQUEST_BLOCK);
    const states = mailsAnswered(run, STATE_BLOCK);
    const breaches = requests.flatMap(({ event, mail, life }): readonly Finding[] => {
      if (mail.code !== COMMAND.requestQueues) return [];
      const own = states.filter((each) => each.life === life && each.event.seq > event.seq);
      const reset = own.find((each) => each.mail.code === STATE.inReset);
      const over = own.find(
        (each) =>
          reset !== undefined &&
          each.event.seq > reset.event.seq &&
          each.mail.code === STATE.active,
      );
      const goesOn = requests.some(
        (each) => each.life === life && each.mail.code === COMMAND.configureQueues,
      );
      if (goesOn || over === undefined) return [];
      const why = `VF ${life.vfId} (${life.device}) asked for queues at event ${event.seq} and read at event ${over.event.seq} that its reset was over; it has sent no command since`;
      return [{ why, events: [event.seq, over.event.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
