import { type Checker, type Finding, verdict } from './checker.ts';
import { describeEvent } from './describe-event.ts';

/** I7: whatever happens in the name of a VF happens to that VF, and two VFs never share a VFId. */
export const isolated: Checker = {
  id: 'I7',
  rule: 'A VF never sees another VF: its requests reach the PF under its own VFId, which no other has.',
  check(run) {
    const start = run.events[0]?.at ?? 0;
    const { lives } = run.history;
    const own = new Map(lives.map((life) => [`${life.device} ${life.generation}`, life]));
    const breaches: Finding[] = run.events.flatMap((event) => {
      const life = own.get(`${event.device} ${event.generation}`);
      if (life === undefined || event.vfId === undefined || event.vfId === life.vfId) return [];
      const why = `${describeEvent(event, start)} of ${event.device} is for VF ${event.vfId}, and ${event.device} is VF ${life.vfId}`;
      return [{ why, events: [life.allocated.seq, event.seq] }];
    });
    for (const life of lives) {
      const other = lives.find(
        (each) =>
          each !== life &&
          each.vfId === life.vfId &&
          each.pf === life.pf &&
          each.allocated.seq > life.allocated.seq &&
          each.allocated.seq < (life.freed?.seq ?? Number.POSITIVE_INFINITY),
      );
      if (other === undefined) continue;
      breaches.push({
        why: `VF ${life.vfId} was given to ${other.device} while ${life.device} had it`,
        events: [life.allocated.seq, other.allocated.seq],
      });
    }
    return verdict(this.id, breaches);
  },
};
