import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { reportsCome } from '../../drivers/reports-come.ts';
import { defineExhibit } from '../../exhibit.ts';
import { hotAdding } from './hot-adding.ts';

export default defineExhibit({
  id: 'S22',
  title: 'Several VFs come at once; the driver remembers the last one',
  sources: ['https://github.com/DPDK/dpdk/commit/7fc4c0997b'],
  story: new URL('story.md', import.meta.url),
  rule: 'S22',
  scenario: defineScenario({
    name: 'a guest gets four VFs at once',
    pf: 'null',
    vf: hotAdding('each'),
    checkers: [reportsCome('S22')],
    async run(world) {
      await world.attachGuest('g1', { vfs: 4 });
      await world.advance('2s');
    },
  }),
  where: { file: 'hot-adding.ts', line: "if (remembers === 'theLast')" },
  buggy: { vf: hotAdding('theLast') },
  fixed: { vf: hotAdding('each') },
});
