import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { mailsWritten, REPORT_BLOCK } from '../../drivers/mail.ts';
import { VLANS, VLANS_BLOCK } from './listing-pf.ts';

/** What the PF has listed is set up, and nothing else. */
export const setsUpWhatIsListed: Checker = {
  id: 'L26',
  rule: 'A VF sets up the VLANs that the PF has listed, and no other.',
  check(run) {
    const read = run.history.requests.find(({ call }) => call.blockId === VLANS_BLOCK);
    const [returned] = read?.returned ?? [];
    const answered = (read?.pfCompleted?.data ?? '').length / 2;
    const breaches = mailsWritten(run, REPORT_BLOCK).flatMap(({ event, mail, life }) => {
      if (VLANS.includes(mail.value)) return [];
      const why = `VF ${life.vfId} (${life.device}) set up VLAN ${mail.value} at event ${event.seq}, which the PF has not listed: the PF answered ${answered} bytes, and the driver was told of ${returned?.length} at event ${returned?.seq}`;
      return [{ why, events: [...(returned ? [returned.seq] : []), event.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
