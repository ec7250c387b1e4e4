import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { replyWith } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { REQUEST_BLOCK } from '../../drivers/mail.ts';
import { mailboxPf, oneByOne } from '../../drivers/mailbox-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { answersAreTaken } from './answers-are-taken.ts';
import { countingVf } from './counting-vf.ts';

export default defineExhibit({
  id: 'S31',
  title: 'A request that was not sent is counted, and no answer fits',
  sources: ['https://github.com/DPDK/dpdk/commit/38d5b71c27'],
  story: new URL('story.md', import.meta.url),
  rule: 'S31',
  scenario: defineScenario({
    name: 'the second of four requests cannot be sent',
    pf: mailboxPf(oneByOne(({ mail }) => mail.value)),
    vf: countingVf('takesItBack'),
    checkers: [answersAreTaken],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('5s');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'ioCallDriver', blockId: REQUEST_BLOCK, device: 'g1/0', nth: 2 },
        do: replyWith({ status: NTSTATUS.STATUS_INSUFFICIENT_RESOURCES }),
      },
    ],
  },
  where: { file: 'counting-vf.ts', line: "if (this.#onFailure === 'takesItBack')" },
  buggy: { vf: countingVf('leavesIt') },
  fixed: { vf: countingVf('takesItBack') },
});
