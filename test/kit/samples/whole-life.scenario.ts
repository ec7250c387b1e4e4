import { defineScenario } from '../scenario/scenario.ts';

/** The life of a VF of the reference NIC: attach, read, write (its mailbox), invalidate, detach. */
export default defineScenario({
  name: 'attach, read, write, invalidate, detach',
  pf: 'reference',
  vf: 'reference',
  vfConfiguration: new Map([
    ['RequestMtu', '9000'],
    ['StatisticsIntervalMs', '1000'],
  ]),
  async run(world) {
    await world.attachGuest('g1');
    await world.invalidate(0, 2n);
    await world.advance('1s');
    await world.stopGuest('g1');
  },
});
