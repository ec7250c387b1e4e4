import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { queueGrantingPf } from './queue-granting-pf.ts';
import { startGoesOn } from './start-goes-on.ts';
import { watchedVf } from './watched-vf.ts';

export default defineExhibit({
  id: 'S45',
  title: 'The watchdog takes a reset of the start for one of the PF',
  sources: ['https://github.com/DPDK/dpdk/commit/853fe24627'],
  story: new URL('story.md', import.meta.url),
  rule: 'S45',
  scenario: defineScenario({
    name: 'a VF that is reset because it asked for queues',
    pf: queueGrantingPf(),
    vf: watchedVf('rests'),
    checkers: [startGoesOn],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
    },
  }),
  where: { file: 'watched-vf.ts', line: "if (watchdog === 'rests')" },
  buggy: { vf: watchedVf('goesOn') },
  fixed: { vf: watchedVf('rests') },
});
