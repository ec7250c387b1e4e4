import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { mailboxPf, oneByOne } from '../../drivers/mailbox-pf.ts';
import { reportsCome } from '../../drivers/reports-come.ts';
import { defineExhibit } from '../../exhibit.ts';
import { startingVf } from './starting-vf.ts';

export default defineExhibit({
  id: 'S34',
  title: 'The PF is slow with the first VF, which does not wait for it',
  sources: [
    'https://github.com/DPDK/dpdk/commit/41ec42770c',
    'https://github.com/DPDK/dpdk/commit/e90979eebb',
    'https://github.com/DPDK/dpdk/commit/be7226980c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S34',
  scenario: defineScenario({
    name: 'a PF whose first answer takes 250 ms',
    pf: mailboxPf(oneByOne(({ mail }) => mail.value)),
    vf: startingVf(2500),
    pfConfiguration: new Map([['ReplyTakesMs', '250,1']]),
    checkers: [reportsCome('S34')],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('5s');
    },
  }),
  where: { file: 'starting-vf.ts', line: '{ timeoutMs, answers' },
  buggy: { vf: startingVf(200) },
  fixed: { vf: startingVf(2500) },
});
