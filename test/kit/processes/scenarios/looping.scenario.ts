import { defineScenario } from 'sriov-backchannel/testing';
import ownDrivers from './own-drivers.scenario.ts';

/** A guest whose driver says which process it is in, and then never lets go of the thread. */
export default defineScenario({
  ...ownDrivers,
  vfConfiguration: new Map([['Mischief', 'loop']]),
  async run(world) {
    await world.attachGuest('g1');
    await world.advance('10s');
  },
});
