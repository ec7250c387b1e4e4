import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { FRAGMENTS } from '../../drivers/fragments.ts';
import { parseMail } from '../../drivers/mail.ts';

/** After a record was sent, the PF shows that record. */
export const recordsArrive: Checker = {
  id: 'M12',
  rule: 'The PF has every record that the VF has sent in full.',
  check(run) {
    const { requests } = run.history;
    const sent = requests.flatMap(({ call }) => {
      const mail = call.data === undefined ? undefined : parseMail(Buffer.from(call.data, 'hex'));
      return mail?.matchId === FRAGMENTS - 1 ? [{ call, sequence: mail.code }] : [];
    });
    const breaches = requests.flatMap(({ kind, call, pfCompleted }) => {
      if (kind !== 'read' || pfCompleted?.data === undefined) return [];
      const last = sent.findLast((each) => each.call.seq < call.seq);
      const shown = Buffer.from(pfCompleted.data, 'hex').readUInt16LE(0);
      if (last === undefined || last.sequence === shown) return [];
      const why = `the PF has record ${shown} at event ${pfCompleted.seq}, and ${call.device} had sent the last fragment of record ${last.sequence} at event ${last.call.seq}`;
      return [{ why, events: [last.call.seq, pfCompleted.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
