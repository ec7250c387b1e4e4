import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { mailboxPf, oneByOne } from '../../drivers/mailbox-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { answerTo, askingVf } from './asking-vf.ts';
import { takesWhatWasAnswered } from './takes-what-was-answered.ts';

export default defineExhibit({
  id: 'S38',
  title: "An answer that comes with an event misses its caller's buffer",
  sources: ['https://github.com/DPDK/dpdk/commit/430b1e16b5'],
  story: new URL('story.md', import.meta.url),
  rule: 'S38',
  scenario: defineScenario({
    name: 'three commands, the first while the mailbox is polled',
    pf: mailboxPf(oneByOne(({ mail }) => answerTo(mail.code))),
    vf: askingVf('copiesIt'),
    pfConfiguration: new Map([['ReplyTakesMs', '5']]),
    checkers: [takesWhatWasAnswered],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
    },
  }),
  where: { file: 'admin-queue.ts', line: "if (this.#whenTold === 'copiesIt')" },
  buggy: { vf: askingVf('leavesIt') },
  fixed: { vf: askingVf('copiesIt') },
});
