import { type Checker, type Finding, verdict } from './checker.ts';
import { isHostDead } from './touched.ts';

/** I10: when all is over, nothing is left. */
export const returnsToBaseline: Checker = {
  id: 'I10',
  rule: 'When a run is over, every VF is freed, and no timer or request is left.',
  check(run) {
    const isOver = run.events.some(({ hop }) => hop === 'pfMiniportHaltEx');
    if (isHostDead(run) || !isOver) {
      const why = 'the management OS did not come to its end in this trace';
      return verdict(this.id, [], isHostDead(run) ? [] : [{ why, events: [] }]);
    }
    const unfreed: readonly Finding[] = run.history.lives
      .filter(({ freed }) => freed === undefined)
      .map(({ vfId, device, allocated }) => ({
        why: `VF ${vfId} (${device}), allocated at event ${allocated.seq}, was never freed`,
        events: [allocated.seq],
      }));
    const leftovers = (run.leftovers ?? []).map((what) => ({ why: `${what}`, events: [] }));
    return verdict(this.id, [...unfreed, ...leftovers]);
  },
};
