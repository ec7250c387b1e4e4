import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { confirmingPf } from './confirming-pf.ts';
import { confirmingVf } from './confirming-vf.ts';
import { returnsSoon } from './returns-soon.ts';

export default defineExhibit({
  id: 'S51',
  title: 'The PF waits for a mail in the thread that takes the mail',
  sources: [
    'https://github.com/DPDK/dpdk/commit/1c7a4d37e7',
    'https://github.com/DPDK/dpdk/commit/92a16af450',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S51',
  scenario: defineScenario({
    name: 'a request that the PF wants confirmed',
    pf: confirmingPf('afterIt'),
    vf: confirmingVf(),
    checkers: [returnsSoon],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('5s');
    },
  }),
  where: { file: 'confirming-pf.ts', line: "waits === 'withinIt' ?" },
  buggy: { pf: confirmingPf('withinIt') },
  fixed: { pf: confirmingPf('afterIt') },
});
