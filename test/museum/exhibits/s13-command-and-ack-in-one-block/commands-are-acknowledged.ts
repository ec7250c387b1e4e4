import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { lifeAt } from '../../../kit/check/lives.ts';
import { parseControl } from './control-block.ts';

/** A VF has acknowledged as many commands as it was given: the PF invalidates the block for each. */
export const commandsAreAcknowledged: Checker = {
  id: 'S13',
  rule: 'Every command that the PF gives is carried out and acknowledged.',
  check(run) {
    const { invalidations, lives } = run.history;
    const breaches = lives.flatMap((life) => {
      const given = invalidations.filter(
        ({ event }) => lifeAt(lives, event.vfId, event.seq, event.pf) === life,
      );
      const acks = run.events.flatMap(({ hop, data, device, generation }) =>
        hop === 'pfMiniportOidRequest' &&
        data !== undefined &&
        device === life.device &&
        generation === life.generation
          ? [parseControl(Buffer.from(data, 'hex')).ack]
          : [],
      );
      return given.flatMap(({ event }, index) => {
        const command = index + 1;
        if (acks.includes(command)) return [];
        const why = `the PF gave VF ${life.vfId} (${life.device}) command ${command} at event ${event.seq}, and the VF never acknowledged it; it acknowledged ${acks.join(', ') || 'none'}`;
        return [{ why, events: [event.seq] }];
      });
    });
    return verdict(this.id, breaches);
  },
};
