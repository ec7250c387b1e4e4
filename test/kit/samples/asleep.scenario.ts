import { defineScenario } from '../scenario/scenario.ts';

/**
 * The life of a VF of a guest that sleeps: the PF invalidates a block meanwhile, and resets the VF once
 * it has woken. Asleep it is in D3 on a bus that has left D0, awake again in D0.
 */
export default defineScenario({
  name: 'attach, suspend, invalidate, resume, reset, detach',
  file: import.meta.url,
  pf: 'reference',
  vf: 'reference',
  vfConfiguration: new Map([['StatisticsIntervalMs', '1000']]),
  async run(world) {
    await world.attachGuest('g1');
    await world.suspendGuest('g1');
    await world.invalidate(0, 2n);
    await world.advance('1s');
    await world.resumeGuest('g1');
    await world.resetVf(0);
    await world.invalidate(0, 2n);
    await world.advance('1s');
    await world.stopGuest('g1');
  },
});
