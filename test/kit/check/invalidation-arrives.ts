import { HOPS } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent, shortMask } from './describe-event.ts';
import { droppedAfter } from './dropped.ts';
import { historyOf, type MaskEvent } from './history.ts';
import { type Life, lifeAt } from './lives.ts';
import { maskTrail } from './mask-trail.ts';
import { isWithin } from './scenario-end.ts';
import { type Keeper, keeperOf } from './still-coming.ts';
import { isGuestDead, isHostDead } from './touched.ts';

/**
 * I3: after the PF invalidates a block, the VF gets a mask with it, or the VF ends. It is judged as
 * of the end of the scenario: that the world takes its VFs down then explains nothing.
 */
export const invalidationArrives: Checker = {
  id: 'I3',
  rule: 'After the PF invalidates a block, the VF gets a mask with its bit, or is reset or removed.',
  check(run) {
    const all = missed(run).filter(({ keeper }) => !isExcused(keeper));
    const isDoubtful = ({ keeper }: Missed): boolean => keeper !== undefined || isHostDead(run);
    const found = (each: Missed): Finding => each.finding;
    return verdict(
      this.id,
      all.filter((each) => !isDoubtful(each)).map(found),
      all.filter(isDoubtful).map(found),
    );
  },
};

/** Bits of an invalidation that have not reached the driver of a VF that lives. */
interface Missed {
  /** What keeps them; undefined when they are lost. */
  readonly keeper: Keeper | undefined;
  readonly finding: Finding;
}

function isExcused(keeper: Keeper | undefined): boolean {
  return keeper?.kind === 'not due' || keeper?.kind === 'coming';
}

/** Whether a mask has not come yet to a VF that is there to be told, in a run that goes on. */
export function isMaskOnItsWay(run: Pick<Run, 'events' | 'faults' | 'dead'>): boolean {
  const { events, faults, dead } = run;
  const isInvalidated = events.some(({ hop }) => hop === 'ndisMInvalidateConfigBlock');
  if (dead?.host === true || !isInvalidated) return false;
  const soFar = { events, faults, dead, history: historyOf(events) };
  return missed(soFar).some(({ keeper }) => keeper?.kind !== 'not due');
}

function missed(run: Run): readonly Missed[] {
  return run.history.invalidations.flatMap((invalidation): readonly Missed[] => {
    const { event } = invalidation;
    const life = lifeAt(run.history.lives, event.vfId, event.seq, event.pf);
    if (life === undefined || !isTold(run, life, event)) return [];
    const bits = undelivered(run, life, invalidation);
    if (bits === 0n) return [];
    const drop = droppedAfter(run, life, invalidation, bits);
    if (drop !== undefined) {
      return [{ keeper: undefined, finding: dropped(life, invalidation, drop) }];
    }
    const left = withoutDropped(run, life, invalidation, bits);
    return left === 0n || ended(run, life) ? [] : [missedBits(run, life, invalidation, left)];
  });
}

/** Whether the VF was there to be told of what the PF invalidated before the scenario had ended. */
function isTold(run: Run, { initialized, device }: Life, invalidated: TraceEvent): boolean {
  return isWithin(run, initialized) && isWithin(run, invalidated) && !isGuestDead(run, device);
}

function ended(run: Run, { halted, closed, freed }: Life): boolean {
  return [halted, closed, freed].some((event) => isWithin(run, event));
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

/** The bits without those that a Linux guest has dropped: a driver that relies on none loses nothing. */
function withoutDropped(run: Run, life: Life, { event: { seq } }: MaskEvent, bits: bigint): bigint {
  const drops = run.events.filter(
    (event) =>
      event.hop === 'blockInvalidateDropped' &&
      event.seq > seq &&
      event.device === life.device &&
      event.generation === life.generation,
  );
  return drops.reduce((left, { mask }) => left & ~BigInt(mask ?? 0), bits);
}

function missedBits(run: Run, life: Life, invalidation: MaskEvent, bits: bigint): Missed {
  const trail = maskTrail(run, life, invalidation, bits);
  const keeper = keeperOf(run, life, trail);
  const start = run.events[0]?.at ?? 0;
  const told = `VF ${life.vfId} (${life.device}) was never told of ${shortMask(`0x${bits.toString(16)}`)}`;
  const after = describeEvent(invalidation.event, start);
  const because = keeper?.kind === 'unknown' ? keeper.why : lastSeen(run, trail, start);
  const events = [invalidation.event, ...trail].map(({ seq }) => seq);
  return { keeper, finding: { why: `${told} after ${after}: ${because}`, events } };
}

function lastSeen(run: Run, trail: readonly TraceEvent[], start: number): string {
  const last = trail.at(-1);
  if (last === undefined) return 'it was not even cached';
  const isDropped = run.faults.some(({ seq, fault }) => seq === last.seq && fault.verb === 'drop');
  const where = isDropped ? 'a fault dropped it' : HOPS[last.hop].what;
  const seen = `the last that was seen of it is ${describeEvent(last, start)}, where ${where}`;
  if (run.end === undefined) return seen;
  return `${seen}, and the VF lived until the scenario ended after event ${run.end}`;
}

function dropped({ vfId, device }: Life, { event }: MaskEvent, drop: TraceEvent): Finding {
  const mask = shortMask(drop.mask ?? '0');
  return {
    why: `VF ${vfId} (${device}) was never told of ${mask}, which the PF invalidated at event ${event.seq}: its guest dropped it at event ${drop.seq}, because ${drop.note}, and the VF never read again`,
    events: [event.seq, drop.seq],
  };
}
