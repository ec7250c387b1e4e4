import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { mailboxPf } from '../../drivers/mailbox-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { givesUp } from './gives-up.ts';
import { waitingVf } from './waiting-vf.ts';

export default defineExhibit({
  id: 'S32',
  title: 'The clock on the wall goes back during a wait',
  sources: ['https://github.com/DPDK/dpdk/commit/d566bfcff0'],
  story: new URL('story.md', import.meta.url),
  rule: 'S32',
  scenario: defineScenario({
    name: 'a request that is never answered, while the clock is set back',
    pf: mailboxPf(() => () => {}),
    vf: waitingVf('clock_gettime'),
    vfConfiguration: new Map([['SetBackAfterMs', '200']]),
    checkers: [givesUp],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('5s');
    },
  }),
  where: { file: 'waiting-vf.ts', line: "reads === 'gettimeofday' ?" },
  buggy: { vf: waitingVf('gettimeofday') },
  fixed: { vf: waitingVf('clock_gettime') },
});
