import type { TraceEvent } from '#shared/trace/trace.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent, shortMask } from './describe-event.ts';
import { droppedAfter } from './dropped.ts';
import type { MaskEvent } from './history.ts';
import { type Life, lifeAt } from './lives.ts';
import { isGuestDead, isHostDead, isSwallowed } from './touched.ts';

/** I3: after the PF invalidates a block, the VF gets a mask with it, or the VF ends. */
export const invalidationArrives: Checker = {
  id: 'I3',
  rule: 'After the PF invalidates a block, the VF gets a mask with its bit, or is reset or removed.',
  check(run) {
    const breaches: Finding[] = [];
    const doubts: Finding[] = [];
    for (const invalidation of run.history.invalidations) {
      const { event } = invalidation;
      const life = lifeAt(run.history.lives, event.vfId, event.seq, event.pf);
      if (life?.initialized === undefined || isGuestDead(run, life.device)) continue;
      const missing = undelivered(run, life, invalidation);
      if (missing === 0n) continue;
      const drop = droppedAfter(run, life, invalidation, missing);
      if (drop !== undefined) breaches.push(dropped(life, invalidation, drop));
      if (drop !== undefined || ended(life)) continue;
      const doubtful = isSwallowed(run, life.device) || isHostDead(run);
      (doubtful ? doubts : breaches).push(finding(run, life, invalidation, missing));
    }
    return verdict(this.id, breaches, doubts);
  },
};

function ended({ halted, closed, freed }: Life): boolean {
  return (halted ?? closed ?? freed) !== undefined;
}

function undelivered(run: Run, life: Life, { event, mask }: MaskEvent): bigint {
  const later = run.history.deliveries.filter(
    (delivery) =>
      delivery.event.seq > event.seq &&
      delivery.event.device === life.device &&
      delivery.event.generation === life.generation,
  );
  return later.reduce((missing, delivery) => missing & ~delivery.mask, mask);
}

function dropped({ vfId, device }: Life, { event }: MaskEvent, drop: TraceEvent): Finding {
  const mask = shortMask(drop.mask ?? '0');
  return {
    why: `VF ${vfId} (${device}) was never told of ${mask}, which the PF invalidated at event ${event.seq}: its guest dropped it at event ${drop.seq}, because ${drop.note}, and the VF never read again`,
    events: [event.seq, drop.seq],
  };
}

function finding(run: Run, life: Life, { event }: MaskEvent, missing: bigint): Finding {
  const start = run.events[0]?.at ?? 0;
  const bits = shortMask(`0x${missing.toString(16)}`);
  return {
    why: `VF ${life.vfId} (${life.device}) was never told of ${bits} after ${describeEvent(event, start)}`,
    events: [event.seq],
  };
}
