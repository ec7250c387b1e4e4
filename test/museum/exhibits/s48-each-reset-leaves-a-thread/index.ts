import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { resettingVf } from './resetting-vf.ts';

const RESETS = 10;

export default defineExhibit({
  id: 'S48',
  title: 'Each reset takes a reference, and the thread is never joined',
  sources: ['https://github.com/DPDK/dpdk/commit/e72adb67cc'],
  story: new URL('story.md', import.meta.url),
  rule: 'I10',
  scenario: defineScenario({
    name: 'ten resets',
    pf: versionedPf(),
    vf: resettingVf('wheneverClosed'),
    async run(world) {
      await world.attachGuest('g1');
      for (let reset = 0; reset < RESETS; reset++) {
        await world.invalidate(0, 2n);
        await world.advance('100ms');
      }
      await world.stopGuest('g1');
    },
  }),
  where: { file: 'resetting-vf.ts', line: "releases === 'wheneverClosed')" },
  buggy: { vf: resettingVf('whenClosedForGood') },
  fixed: { vf: resettingVf('wheneverClosed') },
});
