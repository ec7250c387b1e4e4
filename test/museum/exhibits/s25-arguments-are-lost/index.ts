import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { comesBackAsItWas } from './comes-back-as-it-was.ts';
import { hotPluggedVf } from './hot-plugged-vf.ts';

export default defineExhibit({
  id: 'S25',
  title: 'A device that is removed takes its arguments along',
  sources: [
    'https://github.com/DPDK/dpdk/commit/9a9d038c78',
    'https://github.com/DPDK/dpdk/commit/7fc4c0997b',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S25',
  scenario: defineScenario({
    name: 'a VF is revoked and comes back',
    pf: versionedPf(),
    vf: hotPluggedVf('areKept'),
    checkers: [comesBackAsItWas],
    async run(world) {
      await world.attachGuest('g1');
      world.cut('g1/0');
      await world.advance('5s');
    },
  }),
  where: { file: 'hot-plugged-vf.ts', line: "if (whenRemoved === 'goWithIt')" },
  // Each run is a program that has just been started.
  buggy: {
    get vf() {
      return hotPluggedVf('goWithIt');
    },
  },
  fixed: {
    get vf() {
      return hotPluggedVf('areKept');
    },
  },
});
