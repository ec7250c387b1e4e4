import { type Checker, verdict } from '../../../kit/check/checker.ts';

/** The block that a VF reads is its own. */
export const readsItsOwn: Checker = {
  id: 'S62',
  rule: 'The block that a VF reads is the one of that VF.',
  check(run) {
    const breaches = run.events.flatMap(({ hop, data, device, generation, seq }) => {
      const isRead = hop === 'ndisMReadConfigBlockReturn' && data !== undefined;
      const life = run.history.lives.find(
        (each) => each.device === device && each.generation === generation,
      );
      if (!isRead || life === undefined) return [];
      const owner = Buffer.from(data, 'hex')[0] ?? 0;
      if (owner === life.vfId) return [];
      const other = run.history.lives.find(({ vfId }) => vfId === owner);
      const why = `VF ${life.vfId} (${device}) read the block of VF ${owner} (${other?.device ?? 'nobody'}) at event ${seq}`;
      return [{ why, events: [seq] }];
    });
    return verdict(this.id, breaches);
  },
};
