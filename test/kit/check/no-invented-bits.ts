import type { TraceEvent } from '#shared/trace/trace.ts';
import type { Fault } from '../faults/fault.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent, shortMask } from './describe-event.ts';
import type { MaskEvent } from './history.ts';
import { type Life, lifeAt } from './lives.ts';

/** I4: each bit reaches a VF at most as often as the PF has set it, and never before. */
export const noInventedBits: Checker = {
  id: 'I4',
  rule: 'No mask reaches a VF with a bit that the PF has not set since that bit last came.',
  check(run) {
    const start = run.events[0]?.at ?? 0;
    const breaches: Finding[] = [];
    const ofFaults = addedByFaults(run);
    for (const life of run.history.lives) {
      const credit = new Map<number, number>();
      for (const { event, mask, sets } of maskEventsOf(life)) {
        for (const bit of bitsOf(mask)) {
          const left = (credit.get(bit) ?? 0) + (sets ? 1 : -1);
          credit.set(bit, left);
          if (sets || left >= 0) continue;
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
      const isOfLife = ({ event }: MaskEvent): boolean =>
        event.device === life.device && event.generation === life.generation;
      const told = deliveries.filter(isOfLife).map((each) => ({ ...each, sets: false }));
      return [...set, ...ofFaults.filter(isOfLife), ...told].sort(
        (left, right) => left.event.seq - right.event.seq,
      );
    }
  },
};

/** The masks that faults have sent: once more than the PF has set them, or forged. */
function addedByFaults({ faults, events }: Run) {
  return faults.flatMap(({ seq, fault }) => {
    if (fault.verb !== 'duplicate' && fault.verb !== 'forge') return [];
    const event = events.find((each) => each.seq === seq);
    const mask = event && maskAddedBy(fault, event);
    return event === undefined || mask === undefined ? [] : [{ event, mask, sets: true }];
  });
}

function maskAddedBy(fault: Fault, { mask }: TraceEvent): bigint | undefined {
  if (fault.verb === 'duplicate') return mask === undefined ? undefined : BigInt(mask);
  if (fault.verb !== 'forge' || fault.message.type !== 'INVALIDATE_BLOCK') return undefined;
  const forged = fault.message['blockMask'];
  return typeof forged === 'string' && /^0x[0-9a-f]+$/i.test(forged) ? BigInt(forged) : undefined;
}

/** The numbers of the bits of a mask, from the lowest. */
export function bitsOf(mask: bigint): readonly number[] {
  const bits: number[] = [];
  for (let bit = 0; bit < 64; bit++) if ((mask >> BigInt(bit)) & 1n) bits.push(bit);
  return bits;
}
