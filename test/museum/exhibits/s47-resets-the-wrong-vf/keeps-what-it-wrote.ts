import { type Checker, verdict } from '../../../kit/check/checker.ts';

/** What a VF wrote to its block is in it until that VF is reset. */
export const keepsWhatItWrote: Checker = {
  id: 'S47',
  rule: 'The reset of a VF changes nothing of another VF.',
  check(run) {
    const { requests, lives } = run.history;
    const breaches = requests.flatMap(({ kind, call, returned: [read] }) => {
      if (kind !== 'read' || read?.data === undefined) return [];
      const life = lives.find(({ device }) => device === call.device);
      const written = requests.findLast(
        (each) =>
          each.kind === 'write' && each.call.device === call.device && each.call.seq < call.seq,
      );
      const resets = run.events.filter(
        ({ hop, name, seq }) =>
          hop === 'pfMiniportOidRequest' && name === 'OID_SRIOV_RESET_VF' && seq < call.seq,
      );
      const isReset = resets.some(({ vfId }) => vfId === life?.vfId);
      if (isReset || written === undefined || written.call.data === read.data) return [];
      const others = resets.map(({ vfId, seq }) => `VF ${vfId} was at event ${seq}`).join(', ');
      const why = `VF ${life?.vfId} (${call.device}) read at event ${read.seq} that its block is not what it wrote at event ${written.call.seq}; it was not reset, but ${others}`;
      return [{ why, events: [written.call.seq, ...resets.map(({ seq }) => seq), read.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
