import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { mailboxPf } from '../../drivers/mailbox-pf.ts';
import { requestsAreAnswered } from '../../drivers/requests-are-answered.ts';
import { defineExhibit } from '../../exhibit.ts';
import { asksThrice } from './asks-thrice.ts';
import { lockingPf } from './locking-pf.ts';

export default defineExhibit({
  id: 'S52',
  title: 'The PF drops what a VF asks while somebody else has the lock',
  sources: ['https://lore.kernel.org/r/20220401104052.1711721-1-ivecera@redhat.com'],
  story: new URL('story.md', import.meta.url),
  rule: 'S52',
  scenario: defineScenario({
    name: 'requests of a VF while an operator sets it up',
    pf: mailboxPf(lockingPf('waits')),
    vf: asksThrice(),
    pfConfiguration: new Map([
      ['OperatorAtMs', '15'],
      ['OperatorTakesMs', '20'],
    ]),
    checkers: [requestsAreAnswered('S52')],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
    },
  }),
  where: { file: 'locking-pf.ts', line: '!lock.tryAcquire()' },
  buggy: { pf: mailboxPf(lockingPf('tries')) },
  fixed: { pf: mailboxPf(lockingPf('waits')) },
});
