import { type Checker, verdict } from '../../../kit/check/checker.ts';

/** What a VF sends reaches the PF: its length is that of a buffer which it has. */
export const statisticsArrive: Checker = {
  id: 'S02',
  rule: 'The statistics that the PF asks for arrive.',
  check(run) {
    const breaches = run.history.requests.flatMap(({ kind, call, atPf }) => {
      if (kind !== 'write' || atPf !== undefined) return [];
      const why = `${call.device} wrote ${call.length} bytes of statistics at event ${call.seq} from a buffer of ${(call.data ?? '').length / 2}, and they did not reach the PF`;
      return [{ why, events: [call.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
