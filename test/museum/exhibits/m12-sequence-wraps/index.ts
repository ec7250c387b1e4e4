import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { assemblingPf, fragmentingVf } from '../../drivers/fragments.ts';
import { defineExhibit } from '../../exhibit.ts';
import { ifDifferent, ifGreater } from './assemble.ts';
import { recordsArrive } from './records-arrive.ts';

export default defineExhibit({
  id: 'M12',
  title: 'A sequence number of 16 bits wraps, and nothing is new',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/lib/hv_vhca.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'M12',
  scenario: defineScenario({
    name: 'four records with numbers from 65534 on',
    pf: assemblingPf(ifDifferent),
    vf: fragmentingVf(65534, 4),
    checkers: [recordsArrive],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('100ms');
    },
  }),
  where: { file: 'assemble.ts', line: 'sequence > last' },
  buggy: { pf: assemblingPf(ifGreater) },
  fixed: { pf: assemblingPf(ifDifferent) },
});
