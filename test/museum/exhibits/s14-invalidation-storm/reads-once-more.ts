import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

/** Reading once more after the last invalidation is enough, however many came before it. */
export const readsOnceMore: Checker = {
  id: 'S14',
  rule: 'After the last invalidation of a block a VF reads that block once more, and not once for each.',
  check({ history }) {
    const breaches = history.lives.flatMap((life): readonly Finding[] => {
      const told = history.deliveries.filter(({ event }) => event.device === life.device);
      const last = told.at(-1)?.event;
      if (last === undefined) return [];
      const reads = history.requests.filter(
        ({ kind, call }) => kind === 'read' && call.device === life.device && call.seq > last.seq,
      );
      const first = reads[0]?.call;
      const [end] = reads.at(-1)?.returned ?? [];
      if (reads.length <= 1 || first === undefined || end === undefined) return [];
      const busy = Math.round(end.at - last.at);
      const why = `VF ${life.vfId} (${life.device}) was told ${told.length} times, last at event ${last.seq}, and read block ${first.blockId} ${reads.length} times after that, which took ${busy} ms; once would have done`;
      return [{ why, events: [last.seq, first.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
