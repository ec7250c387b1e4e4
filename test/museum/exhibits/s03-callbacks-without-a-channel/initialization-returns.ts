import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

/** Longer than any correct miniport takes to start, and shorter than the run. */
const PATIENCE_MS = 10_000;

/** What is not supported is said, and not waited for. */
export const initializationReturns: Checker = {
  id: 'S03',
  rule: 'A VF miniport starts, or fails to, whether or not there is a backchannel.',
  check({ events }) {
    const breaches = events.flatMap((called): readonly Finding[] => {
      const { hop, device, at, seq } = called;
      if (hop !== 'vfMiniportInitializeEx') return [];
      const returned = events.find(
        (event) =>
          event.hop === 'vfMiniportInitializeExReturn' &&
          event.device === device &&
          event.seq > seq,
      );
      if (returned !== undefined && returned.at - at <= PATIENCE_MS) return [];
      const why = `MiniportInitializeEx of ${device}, called at event ${seq}, had not returned after ${PATIENCE_MS / 1000} s`;
      return [{ why, events: [seq] }];
    });
    return verdict(this.id, breaches);
  },
};
