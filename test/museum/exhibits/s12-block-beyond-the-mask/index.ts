import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { followingVf } from './following-vf.ts';
import { manyBlocksPf } from './many-blocks-pf.ts';

export default defineExhibit({
  id: 'S12',
  title: "A block beyond the 64th is invalidated with another's bit",
  sources: [
    'https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nf-ndis-ndisminvalidateconfigblock',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'I5',
  scenario: defineScenario({
    name: 'block 70 changes',
    pf: manyBlocksPf('namesADirectory'),
    vf: followingVf(),
    pfConfiguration: new Map([['ChangesAtMs', '20']]),
    versionOf,
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('100ms');
    },
  }),
  where: { file: 'many-blocks-pf.ts', line: "if (how === 'shifts')" },
  buggy: { pf: manyBlocksPf('shifts') },
  fixed: { pf: manyBlocksPf('namesADirectory') },
});
