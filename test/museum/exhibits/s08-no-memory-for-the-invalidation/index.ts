import { failAllocation } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf, versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { invalidationWorker } from './invalidation-worker.ts';

export default defineExhibit({
  id: 'S08',
  title: 'An invalidation is lost because there is no memory for its work',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/lib/hv_vhca.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'I5',
  scenario: defineScenario({
    name: 'a change while the guest is short of memory',
    pf: versionedPf(),
    vf: invalidationWorker(true),
    profile: 'linux',
    pfConfiguration: new Map([['ChangesAtMs', '10']]),
    versionOf,
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('100ms');
    },
  }),
  options: { faults: [{ when: { hop: 'kzalloc', nth: 1 }, do: failAllocation() }] },
  where: { file: 'invalidation-worker.ts', line: 'else if (hasFallback)' },
  buggy: { vf: invalidationWorker(false) },
  fixed: { vf: invalidationWorker(true) },
});
