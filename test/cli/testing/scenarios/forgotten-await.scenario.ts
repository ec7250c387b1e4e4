import { defineScenario, type ScenarioWorld } from '#test/testing.ts';

async function act(world: ScenarioWorld): Promise<void> {
  await world.attachGuest('g1');
  throw new Error('nobody hears this');
}

/** Does not await what it does, which throws later. */
export default defineScenario({
  name: 'forgotten await',
  pf: 'reference',
  vf: 'reference',
  async run(world) {
    void act(world);
    await world.settle();
  },
});
