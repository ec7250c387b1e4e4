import type { Verb } from '../faults/fault.ts';
import { type Checker, type Finding, verdict } from './checker.ts';
import { describeEvent, shortMask } from './describe-event.ts';
import { type Life, lifeAt } from './lives.ts';

/** Faults after which a mask may come that the PF has not set, or has set once and not twice. */
const FORGING: readonly Verb[] = ['duplicate', 'forge'];

/** I4: each bit reaches a VF at most as often as the PF has set it, and never before. */
export const noInventedBits: Checker = {
  id: 'I4',
  rule: 'No mask reaches a VF with a bit that the PF has not set since that bit last came.',
  check(run) {
    const start = run.events[0]?.at ?? 0;
    const isForged = run.faults.some(({ fault }) => FORGING.includes(fault.verb));
    const breaches: Finding[] = [];
    for (const life of run.history.lives) {
      const credit = new Map<number, number>();
      for (const { event, mask, sets } of maskEventsOf(life)) {
        for (const bit of bitsOf(mask)) {
          const left = (credit.get(bit) ?? 0) + (sets ? 1 : -1);
          credit.set(bit, left);
          if (sets || left >= 0 || isForged) continue;
          breaches.push({
            why: `VF ${life.vfId} (${life.device}) was told of bit ${bit} in ${shortMask(event.mask ?? '0')} by ${describeEvent(event, start)}, more often than the PF had set it`,
            events: [event.seq],
          });
        }
      }
    }
    return verdict(this.id, breaches);

    function maskEventsOf(life: Life) {
      const { invalidations, deliveries, lives } = run.history;
      const set = invalidations
        .filter(({ event }) => lifeAt(lives, event.vfId, event.seq, event.pf) === life)
        .map((each) => ({ ...each, sets: true }));
      const told = deliveries
        .filter(({ event }) => event.device === life.device && event.generation === life.generation)
        .map((each) => ({ ...each, sets: false }));
      return [...set, ...told].sort((left, right) => left.event.seq - right.event.seq);
    }
  },
};

/** The numbers of the bits of a mask, from the lowest. */
export function bitsOf(mask: bigint): readonly number[] {
  const bits: number[] = [];
  for (let bit = 0; bit < 64; bit++) if ((mask >> BigInt(bit)) & 1n) bits.push(bit);
  return bits;
}
