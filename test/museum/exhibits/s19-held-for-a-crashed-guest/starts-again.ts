import { type Checker, verdict } from '../../../kit/check/checker.ts';

/** A VF driver starts, whatever became of the one that had the VF before. */
export const startsAgain: Checker = {
  id: 'S19',
  rule: 'A VF driver starts on a VF whose last driver had crashed.',
  check(run) {
    const { lives } = run.history;
    const breaches = lives.flatMap((life) => {
      const { device, vfId, generation } = life;
      const failed = run.events.find(
        (event) =>
          event.hop === 'vfMiniportInitializeExReturn' &&
          event.device === device &&
          event.generation === generation &&
          event.status !== 0,
      );
      if (failed === undefined) return [];
      const last = lives.findLast(
        (each) => each.vfId === vfId && each.allocated.seq < life.allocated.seq,
      );
      const whose =
        last === undefined
          ? 'and nobody had had it before'
          : `and ${last.device}, which had it from event ${last.allocated.seq} on, had never left it`;
      return [
        {
          why: `VF ${vfId} (${device}) did not start, at event ${failed.seq}: its device refused it, ${whose}`,
          events: [...(last === undefined ? [] : [last.allocated.seq]), failed.seq],
        },
      ];
    });
    return verdict(this.id, breaches);
  },
};
