import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

/** A guest and a host that have a version in common find it. */
export const negotiates: Checker = {
  id: 'L17',
  rule: 'A VF is probed on every host that speaks a version which the guest speaks, too.',
  check({ events }) {
    const refusals = events.filter(
      ({ hop, name, status }) =>
        hop === 'hostCompletionReceived' &&
        name === 'QUERY_PROTOCOL_VERSION' &&
        status === NTSTATUS.STATUS_REVISION_MISMATCH,
    );
    const devices = [...new Set(refusals.map(({ device }) => device))];
    const breaches = devices.flatMap((device): readonly Finding[] => {
      const isProbed = events.some(
        (event) => event.hop === 'linuxProbe' && event.device === device,
      );
      if (isProbed) return [];
      const seqs = refusals.flatMap((event) => (event.device === device ? [event.seq] : []));
      const why = `${device} was told STATUS_REVISION_MISMATCH at event ${seqs.join(', ')} and asked for no other version, though the host speaks one that it speaks; it was never probed`;
      return [{ why, events: seqs }];
    });
    return verdict(this.id, breaches);
  },
};
