import { kill } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { enteringVf } from './entering-vf.ts';
import { exclusivePf } from './exclusive-pf.ts';
import { startsAgain } from './starts-again.ts';

export default defineExhibit({
  id: 'S19',
  title: 'A device held for a crashed guest refuses the next one for ever',
  sources: ['https://git.kernel.org/torvalds/c/c81992e7f4aa'],
  story: new URL('story.md', import.meta.url),
  rule: 'S19',
  scenario: defineScenario({
    name: 'a guest crashes with its device in use, and a second kernel starts',
    pf: exclusivePf(),
    vf: enteringVf(true),
    numVfs: 1,
    checkers: [startsAgain],
    async run(world) {
      world.startGuest('g1');
      await world.advance('1s');
      await world.attachGuest('g1-kdump');
      await world.advance('1s');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'vfMiniportInitializeExReturn', device: 'g1/0', nth: 1 },
        do: kill('guest'),
      },
    ],
  },
  where: { file: 'entering-vf.ts', line: '|| !triesAgain' },
  buggy: { vf: enteringVf(false) },
  fixed: { vf: enteringVf(true) },
});
