import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { negotiatingVf } from './negotiating-vf.ts';
import { oldPf } from './old-pf.ts';
import { vfStarts } from './vf-starts.ts';

export default defineExhibit({
  id: 'S56',
  title: 'A VF asks what an older PF does not know, and gives up',
  sources: [
    'https://git.kernel.org/torvalds/c/a7075f501bd3',
    'https://www.lexplain.net/commit-analyses/feae40a6a178bb525a15f19288016e5778102a99',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S56',
  scenario: defineScenario({
    name: 'a VF driver from now on a PF driver from before',
    pf: oldPf(),
    vf: negotiatingVf('fallsBack'),
    checkers: [vfStarts],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
    },
  }),
  where: { file: 'negotiating-vf.ts', line: "how === 'insists' ?" },
  buggy: { vf: negotiatingVf('insists') },
  fixed: { vf: negotiatingVf('fallsBack') },
});
