import { type Checker, verdict } from '../../../kit/check/checker.ts';

/** A record is of one sending: all of its fragments have the same value. */
export const recordsAreWhole: Checker = {
  id: 'M11',
  rule: 'A record that the PF has put together is one that the VF has sent.',
  check(run) {
    const breaches = run.history.requests.flatMap(({ kind, call, pfCompleted }) => {
      if (kind !== 'read' || pfCompleted?.data === undefined) return [];
      const values = [...Buffer.from(pfCompleted.data, 'hex').subarray(2)];
      if (new Set(values).size === 1) return [];
      const why = `the record that the PF has at event ${pfCompleted.seq} is of several sendings of ${call.device}: its fragments are of numbers ${values.join(', ')}`;
      return [{ why, events: [pfCompleted.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
