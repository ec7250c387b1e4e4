import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { pfAgrees } from './pf-agrees.ts';
import { recoveringPf } from './recovering-pf.ts';
import { recoveringVf } from './recovering-vf.ts';

export default defineExhibit({
  id: 'S42',
  title: 'A VF resets itself when its PF has just done so',
  sources: ['https://github.com/DPDK/dpdk/commit/ece7d7eef0'],
  story: new URL('story.md', import.meta.url),
  rule: 'S42',
  scenario: defineScenario({
    name: 'the PF resets its VFs, and a VF sets itself up again',
    pf: recoveringPf(),
    vf: recoveringVf('withoutOne'),
    pfConfiguration: new Map([['ResetAtMs', '200']]),
    checkers: [pfAgrees],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
    },
  }),
  where: { file: 'recovering-vf.ts', line: "if (closes === 'withAReset')" },
  buggy: { vf: recoveringVf('withAReset') },
  fixed: { vf: recoveringVf('withoutOne') },
});
