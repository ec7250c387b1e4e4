import { type Checker, verdict } from '../../kit/check/checker.ts';
import { mailsWritten, REPORT_BLOCK } from './mail.ts';

/**
 * Every VF whose driver has started is set up in the end, of which it makes a report; the checker of
 * exhibit `id`.
 */
export function reportsCome(id: string): Checker {
  return {
    id,
    rule: 'Every VF whose driver has started is set up in the end.',
    check(run) {
      const reports = mailsWritten(run, REPORT_BLOCK);
      const breaches = run.history.lives.flatMap((life) => {
        const { initialized, device, vfId } = life;
        if (initialized === undefined || reports.some((each) => each.life === life)) return [];
        const why = `VF ${vfId} (${device}) started at event ${initialized.seq} and was never set up`;
        return [{ why, events: [initialized.seq] }];
      });
      return verdict(id, breaches);
    },
  };
}
