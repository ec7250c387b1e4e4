import { type Checker, verdict } from '../../../kit/check/checker.ts';

const AT_MOST_MS = 100;

/** A PF that has nothing to wait for but its VFs does not let them wait. */
export const returnsSoon: Checker = {
  id: 'S51',
  rule: 'The PF completes a request within 100 ms.',
  check(run) {
    const breaches = run.history.requests.flatMap(({ call, atPf, pfCompleted }) => {
      if (atPf === undefined || pfCompleted === undefined) return [];
      const took = pfCompleted.at - atPf.at;
      if (took <= AT_MOST_MS) return [];
      const behind = run.history.requests.find(
        ({ received, atPf: other }) =>
          received !== undefined &&
          received.seq > atPf.seq &&
          received.seq < pfCompleted.seq &&
          (other === undefined || other.seq > pfCompleted.seq),
      );
      const what =
        behind?.received === undefined
          ? ''
          : `, while the write of block ${behind.call.blockId} waited behind it from event ${behind.received.seq} on`;
      const why = `the PF held the write of block ${call.blockId} by ${call.device} for ${Math.round(took)} ms, from event ${atPf.seq} to event ${pfCompleted.seq}${what}`;
      return [{ why, events: [atPf.seq, pfCompleted.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
