import { type Checker, type Finding, type Run, verdict } from '../../../kit/check/checker.ts';
import type { Life } from '../../../kit/check/lives.ts';
import { SET_UP_BLOCK } from './hot-plugged-vf.ts';

/** A device that comes back is set up as it was set up first. */
export const comesBackAsItWas: Checker = {
  id: 'S25',
  rule: 'A VF that is removed and added again is set up as it was the first time.',
  check(run) {
    const { lives } = run.history;
    const breaches = lives.flatMap((life): readonly Finding[] => {
      const first = lives.find(({ device }) => device === life.device);
      const was = first && setUp(run, first);
      const is = setUp(run, life);
      if (was === undefined || is === undefined || was.data === is.data) return [];
      const why = `VF ${life.vfId} (${life.device}) was set up with ${was.data} at event ${was.seq}, and with ${is.data} at event ${is.seq}, when it had come back`;
      return [{ why, events: [was.seq, is.seq] }];
    });
    return verdict(this.id, breaches);
  },
};

function setUp({ events }: Run, { device, generation }: Life) {
  return events.find(
    (event) =>
      event.hop === 'pfMiniportOidRequest' &&
      event.blockId === SET_UP_BLOCK &&
      event.data !== undefined &&
      event.device === device &&
      event.generation === generation,
  );
}
