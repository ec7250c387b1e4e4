import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { requestsAreAnswered } from '../../drivers/requests-are-answered.ts';
import { defineExhibit } from '../../exhibit.ts';
import { asksTwice } from './asks-twice.ts';
import { numberingPf } from './numbering-pf.ts';

export default defineExhibit({
  id: 'S61',
  title: 'A guest restarts, and the PF goes on where the last one was',
  sources: [
    'https://github.com/nutanix/libvfio-user/issues/392',
    'https://github.com/nutanix/libvfio-user/pull/419',
    'https://github.com/cloud-hypervisor/cloud-hypervisor/issues/8765',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S61',
  scenario: defineScenario({
    name: 'a guest stops in good order, and starts again',
    pf: numberingPf('forgets'),
    vf: asksTwice(),
    numVfs: 1,
    checkers: [requestsAreAnswered('S61')],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
      await world.stopGuest('g1');
      await world.attachGuest('g1-again');
      await world.advance('1s');
    },
  }),
  where: { file: 'numbering-pf.ts', line: "if (whenFreed === 'forgets')" },
  buggy: { pf: numberingPf('remembers') },
  fixed: { pf: numberingPf('forgets') },
});
