import { type Checker, verdict } from './checker.ts';

/** How many events a VF may cause before time passes: many more than any burst of a correct driver. */
const MOST_EVENTS_AT_ONCE = 20_000;

/** I9: no VF keeps the chain busy without time passing. */
export const makesProgress: Checker = {
  id: 'I9',
  rule: 'There is no livelock: time passes, whatever a VF or the PF does.',
  check({ events }) {
    const counts = new Map<string, { at: number; count: number; first: number }>();
    for (const { device = 'the PF', at, seq } of events) {
      const known = counts.get(device);
      if (known === undefined || known.at !== at) counts.set(device, { at, count: 1, first: seq });
      else if (++known.count > MOST_EVENTS_AT_ONCE) {
        const why = `${device} caused more than ${MOST_EVENTS_AT_ONCE} events from event ${known.first} on, and no time passed`;
        return verdict(this.id, [{ why, events: [known.first, seq] }]);
      }
    }
    return verdict(this.id, []);
  },
};
