import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf, versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { rearmingVf } from './rearming-vf.ts';

export default defineExhibit({
  id: 'S09',
  title: 'An invalidation comes before the IOCTL is back, and the VF goes deaf',
  sources: [
    'https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nf-ndis-ndisminvalidateconfigblock',
    'https://learn.microsoft.com/windows-hardware/drivers/ddi/vpci/ns-vpci-_vpci_invalidate_block_output',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'I5',
  scenario: defineScenario({
    name: 'the same block and another, between a completion and the next IOCTL',
    pf: versionedPf(),
    vf: rearmingVf('before'),
    pfConfiguration: new Map([
      ['ChangesAtMs', '10,12'],
      ['ReadTakesMs', '5'],
    ]),
    versionOf,
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('8ms');
      await world.invalidate(0, 4n);
      await world.advance('100ms');
    },
  }),
  where: { file: 'rearming-vf.ts', line: "if (this.#notes === 'after')" },
  buggy: { vf: rearmingVf('after') },
  fixed: { vf: rearmingVf('before') },
});
