import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

/** What a guest does not understand is no reason to end a session. */
export const sessionSurvives: Checker = {
  id: 'S15',
  rule: 'A message of an unknown type changes nothing: the channel of the VF stays open.',
  check({ events, history: { lives } }) {
    const breaches = lives.flatMap((life): readonly Finding[] => {
      const { device, vfId, closed, halted } = life;
      if (closed === undefined || (halted !== undefined && halted.seq < closed.seq)) return [];
      const last = events.findLast(
        (event) =>
          event.hop === 'hostPacketSent' && event.device === device && event.seq < closed.seq,
      );
      const why = `the channel of VF ${vfId} (${device}) was closed at event ${closed.seq} while the VF was running: ${closed.note}`;
      return [{ why, events: [...(last ? [last.seq] : []), closed.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
