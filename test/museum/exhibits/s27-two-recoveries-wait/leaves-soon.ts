import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

const AT_MOST_MS = 500;

/** A VF that has nothing left to say does not keep its guest waiting. */
export const leavesSoon: Checker = {
  id: 'S27',
  rule: 'A VF is shut down within half a second, also when it has been reset before.',
  check({ events, history: { lives } }) {
    const breaches = lives.flatMap(({ device, vfId, halted, closed }): readonly Finding[] => {
      if (halted === undefined || closed === undefined) return [];
      const took = closed.at - halted.at;
      if (took <= AT_MOST_MS) return [];
      const reset = events.find(
        ({ name, hop, seq }) =>
          name === 'OID_SRIOV_RESET_VF' && hop === 'oidRequestComplete' && seq < halted.seq,
      );
      const why = `VF ${vfId} (${device}) took ${Math.round(took)} ms to shut down, from event ${halted.seq} to event ${closed.seq}; it had been reset at event ${reset?.seq}`;
      return [{ why, events: [...(reset ? [reset.seq] : []), halted.seq, closed.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
