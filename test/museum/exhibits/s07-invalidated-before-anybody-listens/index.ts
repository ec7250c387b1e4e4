import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf, versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { slowStarter } from './slow-starter.ts';

export default defineExhibit({
  id: 'S07',
  title: 'An invalidation that nobody listens to yet is dropped',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/pci/controller/pci-hyperv.c',
    'https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nf-ndis-ndisminvalidateconfigblock',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'I3',
  scenario: defineScenario({
    name: 'a change after a VF has read the block, and before it listens',
    pf: versionedPf(),
    vf: slowStarter,
    pfConfiguration: new Map([['ChangesAtMs', '10']]),
    versionOf,
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('100ms');
    },
  }),
  where: {
    file: '../../../../guest/linux/invalidate-callback.ts',
    line: 'if (take === undefined) {',
  },
  buggy: { profile: 'linux' },
  fixed: { profile: 'windows' },
});
