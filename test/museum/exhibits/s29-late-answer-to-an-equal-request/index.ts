import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { mailboxPf, oneByOne } from '../../drivers/mailbox-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { queueInPf, queueUser } from './queue-user.ts';
import { usesItsQueues } from './uses-its-queues.ts';

export default defineExhibit({
  id: 'S29',
  title: 'A late answer is taken for that to the next request like it',
  sources: ['https://github.com/DPDK/dpdk/commit/c8dec72de0'],
  story: new URL('story.md', import.meta.url),
  rule: 'S29',
  scenario: defineScenario({
    name: 'two equal requests, the first answered after its time-out',
    pf: mailboxPf(oneByOne(({ vfId, mail }) => queueInPf(vfId, mail.value))),
    vf: queueUser(true),
    pfConfiguration: new Map([['ReplyTakesMs', '600,50']]),
    checkers: [usesItsQueues],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('2s');
    },
  }),
  where: { file: 'queue-user.ts', line: '!looksAtMatchId ||' },
  buggy: { vf: queueUser(false) },
  fixed: { vf: queueUser(true) },
});
