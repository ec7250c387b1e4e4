import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { mailboxPf, oneByOne } from '../../drivers/mailbox-pf.ts';
import { reportsCome } from '../../drivers/reports-come.ts';
import { defineExhibit } from '../../exhibit.ts';
import { impatientVf } from './impatient-vf.ts';

export default defineExhibit({
  id: 'S36',
  title: 'A driver looks for the answer as soon as it has asked, once',
  sources: ['https://github.com/virtio-win/kvm-guest-drivers-windows/issues/206'],
  story: new URL('story.md', import.meta.url),
  rule: 'S36',
  scenario: defineScenario({
    name: 'a PF that answers after the request has returned',
    pf: mailboxPf(oneByOne(({ mail }) => mail.value)),
    vf: impatientVf('waits'),
    pfConfiguration: new Map([['ReplyTakesMs', '1']]),
    checkers: [reportsCome('S36')],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
    },
  }),
  where: { file: 'impatient-vf.ts', line: "if (how === 'waits')" },
  buggy: { vf: impatientVf('looksOnce') },
  fixed: { vf: impatientVf('waits') },
});
