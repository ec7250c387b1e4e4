import { defineScenario } from '#test/testing.ts';
import forgetful from './forgetful.scenario.ts';

/** As `forgetful`, of a guest whose name a terminal would obey. */
export default defineScenario({
  ...forgetful,
  name: 'two changes\u001b[2J',
  async run(world) {
    await world.attachGuest('g\u001b[2J');
    await world.advance('50ms');
  },
});
