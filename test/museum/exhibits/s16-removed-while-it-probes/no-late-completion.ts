import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';
import { describeEvent } from '../../../kit/check/describe-event.ts';

/** What completes late does not touch what has been waited for in vain. */
export const noLateCompletion: Checker = {
  id: 'S16',
  rule: 'No work of a driver completes what a function waited for that has returned.',
  check({ events }) {
    const start = events[0]?.at ?? 0;
    const breaches = events.flatMap((event): readonly Finding[] => {
      if (event.hop !== 'linuxContractViolated') return [];
      const gaveUp = events.findLast(
        ({ hop, device, seq }) =>
          hop === 'linuxProbeReturn' && device === event.device && seq < event.seq,
      );
      const after =
        gaveUp === undefined ? '' : `, after ${describeEvent(gaveUp, start)} had returned`;
      const why = `${event.device}: ${event.note}${after}`;
      return [{ why, events: [event.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
