import { VPCI_MAX_READ_WRITE_BLOCK_SIZE } from '#shared/vpci/config-block.ts';
import { pad, truncate } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf, versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { appliesWholeBlocks } from './applies-whole-blocks.ts';
import { applyingDriver, BLOCK_BYTES } from './applying-driver.ts';

const completion = { hop: 'hostCompletionSent', name: 'READ_BLOCK' } as const;

export default defineExhibit({
  id: 'S05',
  title: 'A short read is taken for a whole one',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/pci/controller/pci-hyperv.c',
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/lib/hv.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S05',
  scenario: defineScenario({
    name: 'a host that answers with nothing, with a part, and with too much',
    pf: versionedPf(),
    vf: applyingDriver(true),
    profile: 'linux',
    pfConfiguration: new Map([['ChangesAtMs', '50,100,150,200,250']]),
    versionOf,
    checkers: [appliesWholeBlocks],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('500ms');
    },
  }),
  options: {
    faults: [
      { when: { ...completion, nth: 2 }, do: truncate(0) },
      { when: { ...completion, nth: 3 }, do: truncate(BLOCK_BYTES / 4) },
      { when: { ...completion, nth: 4 }, do: pad(1) },
      {
        when: { ...completion, nth: 5 },
        do: pad(VPCI_MAX_READ_WRITE_BLOCK_SIZE + 1 - BLOCK_BYTES),
      },
    ],
  },
  where: { file: 'applying-driver.ts', line: '!demandsAll ||' },
  buggy: { vf: applyingDriver(false) },
  fixed: { vf: applyingDriver(true) },
});
