import { type Checker, defineScenario, verdict } from '#test/testing.ts';

/** Holds only where nothing takes time. */
const inNoTime: Checker = {
  id: 'in-no-time',
  rule: 'A read returns at once.',
  check({ history }) {
    const breaches = history.requests.flatMap(({ call, returned: [first] }) =>
      first?.at === call.at ? [] : [{ why: `${call.device} waited`, events: [call.seq] }],
    );
    return verdict('in-no-time', breaches.slice(0, 1));
  },
};

export default defineScenario({
  name: 'a hurried one',
  pf: 'reference',
  vf: 'reference',
  checkers: [inNoTime],
  async run(world) {
    await world.attachGuest('g1');
    await world.stopGuest('g1');
  },
});
