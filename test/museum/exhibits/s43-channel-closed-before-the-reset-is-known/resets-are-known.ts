import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { type Checker, verdict } from '../../../kit/check/checker.ts';
import { REQUEST_BLOCK } from '../../drivers/mail.ts';

/** A VF that wants to be reset is heard, once the PF can take its mail again. */
export const resetsAreKnown: Checker = {
  id: 'S43',
  rule: 'The PF gets the request of a VF that wants to be reset, at once or when it is repeated.',
  check(run) {
    const breaches = run.history.lives.flatMap((life) => {
      const { device, generation, vfId } = life;
      const asked = run.history.requests.filter(
        ({ call }) =>
          call.device === device &&
          call.generation === generation &&
          call.blockId === REQUEST_BLOCK,
      );
      const outcomes = asked.flatMap(({ returned }) => returned.slice(0, 1));
      const last = outcomes.at(-1);
      if (last === undefined) return [];
      if (outcomes.some(({ status }) => status === NDIS_STATUS.NDIS_STATUS_SUCCESS)) return [];
      const calls = asked.map(({ call }) => call.seq);
      const why = `VF ${vfId} (${device}) asked to be reset at event ${calls.join(', ')}, which failed at event ${last.seq}; no other request has left it, and the PF does not know`;
      return [{ why, events: [...calls, last.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
