import { type Checker, type Finding, verdict } from '../../kit/check/checker.ts';

/** A bus driver frees what it has allocated; the checker of exhibit `id`. */
export function nothingIsLeft(id: string): Checker {
  return {
    id,
    rule: 'When a bus is gone, nothing is left of what its driver had allocated.',
    check({ events }) {
      const breaches = events.flatMap((event): readonly Finding[] =>
        event.hop === 'linuxContractViolated' && event.name === 'kmemleak'
          ? [{ why: `${event.device}: ${event.note} (event ${event.seq})`, events: [event.seq] }]
          : [],
      );
      return verdict(id, breaches);
    },
  };
}
