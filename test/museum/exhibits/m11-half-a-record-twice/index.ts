import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { replyWith } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { assemblingPf, fragmentingVf, RECORD_BLOCK } from '../../drivers/fragments.ts';
import { defineExhibit } from '../../exhibit.ts';
import { bySequence, byTheFirst } from './assemble.ts';
import { recordsAreWhole } from './records-are-whole.ts';

export default defineExhibit({
  id: 'M11',
  title: 'Half a record and the record again make one nobody sent',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/lib/hv_vhca.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'M11',
  scenario: defineScenario({
    name: 'the second of three fragments cannot be sent',
    pf: assemblingPf(byTheFirst),
    vf: fragmentingVf(1, 1),
    checkers: [recordsAreWhole],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('100ms');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'ioCallDriver', blockId: RECORD_BLOCK, nth: 2 },
        do: replyWith({ status: NTSTATUS.STATUS_INSUFFICIENT_RESOURCES }),
      },
    ],
  },
  where: { file: 'assemble.ts', line: 'assembly.sequence === sequence ?' },
  buggy: { pf: assemblingPf(bySequence) },
  fixed: { pf: assemblingPf(byTheFirst) },
});
