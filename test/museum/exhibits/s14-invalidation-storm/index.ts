import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf, versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { readsOnceMore } from './reads-once-more.ts';
import { stormyVf } from './stormy-vf.ts';

/** Fewer than the pieces of work that may wait in the guest, so that none is refused. */
const STORM = 300;

export default defineExhibit({
  id: 'S14',
  title: 'A storm of invalidations makes a VF read the same block for each',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/lib/hv_vhca.c',
    'https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nf-ndis-ndisminvalidateconfigblock',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S14',
  scenario: defineScenario({
    name: 'many invalidations while a VF reads',
    pf: versionedPf(),
    vf: stormyVf(true),
    profile: 'linux',
    pfConfiguration: new Map([['ReadTakesMs', '5']]),
    versionOf,
    checkers: [readsOnceMore],
    async run(world) {
      await world.attachGuest('g1');
      for (let each = 0; each < STORM; each++) await world.invalidate(0, 2n);
      await world.advance('10s');
    },
  }),
  where: { file: 'stormy-vf.ts', line: 'coalesces ?' },
  buggy: { vf: stormyVf(false) },
  fixed: { vf: stormyVf(true) },
});
