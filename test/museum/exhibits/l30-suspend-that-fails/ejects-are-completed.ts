import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

const AT_MOST_MS = 1000;

/** A guest that is awake gives back what it is asked for. */
export const ejectsAreCompleted: Checker = {
  id: 'L30',
  rule: 'A guest completes an EJECT within a second.',
  check({ events }) {
    const breaches = events.flatMap((eject): readonly Finding[] => {
      if (eject.hop !== 'hostPacketReceived' || eject.name !== 'EJECT') return [];
      const completed = events.some(
        ({ hop, name, device, seq, at }) =>
          hop === 'guestPacketSent' &&
          name === 'EJECT_COMPLETE' &&
          device === eject.device &&
          seq > eject.seq &&
          at - eject.at <= AT_MOST_MS,
      );
      if (completed) return [];
      const exit = events.findLast(
        ({ hop, name, device, seq }) =>
          hop === 'guestPacketSent' &&
          name === 'FDO_D0_EXIT' &&
          device === eject.device &&
          seq < eject.seq,
      );
      const before =
        exit === undefined ? '' : `; it had wanted to leave D0 at event ${exit.seq}, and stayed`;
      const why = `${eject.device} was asked for its device at event ${eject.seq} and did not give it back${before}`;
      return [{ why, events: [...(exit ? [exit.seq] : []), eject.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
