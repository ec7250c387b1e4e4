import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { keepsWhatItWrote } from './keeps-what-it-wrote.ts';
import { resettingPf } from './resetting-pf.ts';
import { writingVf } from './writing-vf.ts';

export default defineExhibit({
  id: 'S47',
  title: 'The reset of one VF resets VF 0',
  sources: ['https://github.com/DPDK/dpdk/commit/a9a68b61ad'],
  story: new URL('story.md', import.meta.url),
  rule: 'S47',
  scenario: defineScenario({
    name: 'an operator resets VF 3 of four',
    pf: resettingPf('it'),
    vf: writingVf(),
    checkers: [keepsWhatItWrote],
    async run(world) {
      await world.attachGuest('g1', { vfs: 4 });
      await world.resetVf(3);
      await world.advance('1s');
    },
  }),
  where: { file: 'resetting-pf.ts', line: "clears === 'it' ?" },
  buggy: { pf: resettingPf('theFirst') },
  fixed: { pf: resettingPf('it') },
});
