import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf, versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { linkWatcher } from './link-watcher.ts';

export default defineExhibit({
  id: 'S54',
  title: 'A link event comes before the VF listens, and is lost',
  sources: [
    'https://github.com/DPDK/dpdk/commit/5e03e316c7',
    'https://github.com/DPDK/dpdk/commit/1c2bbcdfd7',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'I5',
  scenario: defineScenario({
    name: 'the link comes up between the start of a VF and its opening',
    pf: versionedPf(),
    vf: linkWatcher(true),
    pfConfiguration: new Map([['ChangesAtMs', '10']]),
    versionOf,
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('100ms');
    },
  }),
  where: { file: 'link-watcher.ts', line: 'if (looksAgain)' },
  buggy: { vf: linkWatcher(false) },
  fixed: { vf: linkWatcher(true) },
});
