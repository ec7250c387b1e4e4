import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { replyWith } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { REQUEST_BLOCK } from '../../drivers/mail.ts';
import { mailboxPf, oneByOne } from '../../drivers/mailbox-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { resetsAreKnown } from './resets-are-known.ts';
import { resettingVf } from './resetting-vf.ts';

export default defineExhibit({
  id: 'S43',
  title: 'The mailbox is closed before the PF knows of the reset',
  sources: ['https://github.com/DPDK/dpdk/commit/ff81c6b7d0'],
  story: new URL('story.md', import.meta.url),
  rule: 'S43',
  scenario: defineScenario({
    name: 'the PF cannot take the first request for a reset',
    pf: mailboxPf(oneByOne(({ mail }) => mail.value)),
    vf: resettingVf('whenThePfKnows'),
    checkers: [resetsAreKnown],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'guestPacketSent', name: 'WRITE_BLOCK', blockId: REQUEST_BLOCK, nth: 1 },
        do: replyWith({ status: NTSTATUS.STATUS_INSUFFICIENT_RESOURCES }),
      },
    ],
  },
  where: { file: 'resetting-vf.ts', line: "closes === 'inAnyCase'" },
  buggy: { vf: resettingVf('inAnyCase') },
  fixed: { vf: resettingVf('whenThePfKnows') },
});
