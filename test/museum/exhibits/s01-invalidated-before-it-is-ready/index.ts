import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { commandsAreAcknowledged } from './commands-are-acknowledged.ts';
import { statsDriver } from './stats-driver.ts';

export default defineExhibit({
  id: 'S01',
  title: 'An agent is invalidated before its work has been initialised',
  sources: ['https://git.kernel.org/netdev/net/c/89b25b5f46f4'],
  story: new URL('story.md', import.meta.url),
  rule: 'S01',
  scenario: defineScenario({
    name: 'a command for an agent that is just being created',
    pf: 'hv-vhca',
    vf: statsDriver('work first'),
    profile: 'linux',
    checkers: [commandsAreAcknowledged],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('3s');
    },
  }),
  where: { file: 'stats-driver.ts', line: "if (order === 'agent first') vhca.createAgent" },
  buggy: { vf: statsDriver('agent first') },
  fixed: { vf: statsDriver('work first') },
});
