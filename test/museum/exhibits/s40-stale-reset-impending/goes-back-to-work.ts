import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { mailsAnswered, mailsWritten, REPORT_BLOCK } from '../../drivers/mail.ts';
import { STATE, STATE_BLOCK } from './resettable-pf.ts';
import { REPORTED } from './watchdog-vf.ts';

/** How long a VF may take to go back to work. */
const AT_MOST_MS = 1000;

/** A VF whose hardware works is at work itself, but for a moment. */
export const goesBackToWork: Checker = {
  id: 'S40',
  rule: 'A VF goes back to work within a second after its hardware has been reset.',
  check(run) {
    const states = mailsAnswered(run, STATE_BLOCK);
    const reports = mailsWritten(run, REPORT_BLOCK);
    const breaches = run.history.lives.flatMap((life) => {
      const last = reports.findLast((each) => each.life === life);
      if (last === undefined || last.mail.code === REPORTED.running) return [];
      const after = states.filter(
        (each) =>
          each.life === life &&
          each.event.seq > last.event.seq &&
          each.mail.code === STATE.active &&
          each.event.at - last.event.at > AT_MOST_MS,
      );
      const seen = after.at(-1);
      if (seen === undefined) return [];
      const waited = Math.round((seen.event.at - last.event.at) / 1000);
      return [
        {
          why: `VF ${life.vfId} (${life.device}) has waited for a reset since event ${last.event.seq}; ${waited} s later, at event ${seen.event.seq}, it was still waiting, and its hardware had long been active after reset ${seen.mail.value}`,
          events: [last.event.seq, seen.event.seq],
        },
      ];
    });
    return verdict(this.id, breaches);
  },
};
