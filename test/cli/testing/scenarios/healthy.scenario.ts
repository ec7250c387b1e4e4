import { defineScenario } from '#test/testing.ts';

export default defineScenario({
  name: 'attach and detach',
  pf: 'reference',
  vf: 'reference',
  async run(world) {
    await world.attachGuest('g1');
    await world.stopGuest('g1');
  },
});
