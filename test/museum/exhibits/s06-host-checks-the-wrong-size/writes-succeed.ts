import { errnoName } from '#shared/linux/errno.ts';
import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

/** What a VF may write it can write, on every host that there is. */
export const writesSucceed: Checker = {
  id: 'S06',
  rule: 'A write of a block that the PF knows succeeds, whichever host the guest runs on.',
  check({ history }) {
    const breaches = history.requests.flatMap(
      ({ kind, call, atPf, returned }): readonly Finding[] => {
        const [end] = returned;
        if (kind !== 'write' || end?.status === undefined || end.status === 0) return [];
        const how = atPf === undefined ? ', and the PF has never seen it' : '';
        const why = `${call.device} wrote block ${call.blockId} at event ${call.seq} and got ${errnoName(end.status)} at event ${end.seq}${how}`;
        return [{ why, events: [call.seq, end.seq] }];
      },
    );
    return verdict(this.id, breaches);
  },
};
