import { ndisStatusName } from '#shared/ndis/ndis-status.ts';
import { type Checker, verdict } from '../../../kit/check/checker.ts';

/** A VF driver starts, whatever version its PF has. */
export const vfStarts: Checker = {
  id: 'S56',
  rule: 'A VF driver starts on a PF that is older than itself.',
  check(run) {
    const breaches = run.events.flatMap(({ hop, status, device, seq }) => {
      if (hop !== 'vfMiniportInitializeExReturn' || status === undefined || status === 0) return [];
      const asked = run.history.requests.filter(
        ({ call, returned: [first] }) =>
          call.device === device && call.seq < seq && first?.status !== 0,
      );
      const what = asked.map(({ call }) => `${Number.parseInt(call.data ?? '', 16)}`).join(', ');
      const why = `the driver of ${device} did not start, with ${ndisStatusName(status)} at event ${seq}; the PF had refused version ${what}, and it tried no other`;
      return [{ why, events: [...asked.map(({ call }) => call.seq), seq] }];
    });
    return verdict(this.id, breaches);
  },
};
