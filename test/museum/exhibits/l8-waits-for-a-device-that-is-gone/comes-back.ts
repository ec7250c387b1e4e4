import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

/** A guest that has lost a VF is ready for the next one. */
export const comesBack: Checker = {
  id: 'L8',
  rule: 'A guest whose VF is taken away while it is probed takes the VF when it is offered again.',
  check({ events, history: { lives } }) {
    const breaches = lives.flatMap(({ device, generation, vfId, closed }): readonly Finding[] => {
      const isLast = !lives.some((life) => life.device === device && life.generation > generation);
      const own = events.filter(
        (event) => event.device === device && event.generation === generation,
      );
      if (!isLast || closed === undefined || own.some(({ hop }) => hop === 'linuxProbe')) return [];
      const asked = own.findLast(({ hop, seq }) => hop === 'guestPacketSent' && seq < closed.seq);
      const waits =
        asked === undefined
          ? ''
          : ` and still waits for the host's answer to ${asked.name}, which it sent at event ${asked.seq}`;
      const why = `the channel of VF ${vfId} (${device}) was rescinded at event ${closed.seq}; the guest has opened none since${waits}`;
      return [{ why, events: [...(asked ? [asked.seq] : []), closed.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
