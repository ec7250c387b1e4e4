import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { commChannelPf } from './comm-channel-pf.ts';
import { leavesSoon } from './leaves-soon.ts';
import { recoveringVf } from './recovering-vf.ts';

export default defineExhibit({
  id: 'S27',
  title: 'Two recoveries each wait for a channel that is disabled',
  sources: [
    'https://git.kernel.org/linus/4cbe4dac82e4',
    'https://github.com/LIS/lis-next/pull/345',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S27',
  scenario: defineScenario({
    name: 'a VF is reset, and its guest shuts down',
    pf: commChannelPf(),
    vf: recoveringVf('isTheEnd'),
    checkers: [leavesSoon],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('700ms');
      await world.resetVf(0);
      await world.advance('400ms');
      await world.stopGuest('g1');
    },
  }),
  where: { file: 'recovering-vf.ts', line: "if (this.#disabled === 'isWaitedFor' ||" },
  buggy: { vf: recoveringVf('isWaitedFor') },
  fixed: { vf: recoveringVf('isTheEnd') },
});
