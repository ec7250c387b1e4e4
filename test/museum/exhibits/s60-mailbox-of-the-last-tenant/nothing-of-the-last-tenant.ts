import { type Checker, type Run, verdict } from '../../../kit/check/checker.ts';
import { type Life, lifeAt } from '../../../kit/check/lives.ts';

/** What one tenant of a VF wrote is never what the next one reads. */
export const nothingOfTheLastTenant: Checker = {
  id: 'S60',
  rule: 'A VF that is given to a guest shows it nothing that an earlier guest wrote.',
  check(run) {
    const writes = dataAt(run, 'pfMiniportOidRequest');
    const breaches = dataAt(run, 'pfMiniportOidRequestComplete').flatMap(({ event, life }) => {
      const old = writes.find(
        (each) =>
          each.life !== life &&
          each.life.vfId === life.vfId &&
          each.event.seq < event.seq &&
          each.event.blockId === event.blockId &&
          each.event.data === event.data,
      );
      if (old === undefined) return [];
      return [
        {
          why: `VF ${life.vfId} (${life.device}) read at event ${event.seq} what ${old.life.device} had written to block ${event.blockId} at event ${old.event.seq}, when it had that VF`,
          events: [old.event.seq, event.seq],
        },
      ];
    });
    return verdict(this.id, breaches);
  },
};

function dataAt(run: Run, hop: Run['events'][number]['hop']) {
  return run.events.flatMap((event) => {
    const isMeant = event.hop === hop && event.data !== undefined;
    const life: Life | undefined = isMeant
      ? lifeAt(run.history.lives, event.vfId, event.seq, event.pf)
      : undefined;
    return life === undefined ? [] : [{ event, life }];
  });
}
