import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';
import { APPLIED_BLOCK, CONFIGURATION_BLOCK } from './applying-driver.ts';

/** What a VF applies is what the PF has had in the block at some time, and not a mixture. */
export const appliesWholeBlocks: Checker = {
  id: 'S05',
  rule: 'A VF applies a block only as the PF has answered it, whole.',
  check({ history }) {
    const breaches = history.requests.flatMap(({ kind, call }): readonly Finding[] => {
      if (kind !== 'write' || call.blockId !== APPLIED_BLOCK) return [];
      const reads = history.requests.filter(
        (each) =>
          each.call.device === call.device &&
          each.call.blockId === CONFIGURATION_BLOCK &&
          each.call.seq < call.seq,
      );
      if (reads.some(({ pfCompleted }) => pfCompleted?.data === call.data)) return [];
      const last = reads.at(-1);
      const answer = last?.pfCompleted;
      const why = `${call.device} applied ${call.data} at event ${call.seq}; the PF had answered ${answer?.data} at event ${answer?.seq}, of which the host sent ${last?.completionReceived?.length} bytes`;
      return [{ why, events: answer === undefined ? [call.seq] : [answer.seq, call.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
