import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { mailboxPf, oneByOne } from '../../drivers/mailbox-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { acknowledge, controlQueueUser } from './control-queue-user.ts';
import { usesWhatWasGranted } from './uses-what-was-granted.ts';

export default defineExhibit({
  id: 'S35',
  title: 'A time-out too short: each command takes the answer of the last',
  sources: [
    'https://github.com/virtio-win/kvm-guest-drivers-windows/pull/401',
    'https://github.com/virtio-win/kvm-guest-drivers-windows/issues/1348',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S35',
  scenario: defineScenario({
    name: 'a command that is answered after its time-out, and one that is refused',
    pf: mailboxPf(oneByOne(acknowledge)),
    vf: controlQueueUser(500),
    pfConfiguration: new Map([['ReplyTakesMs', '5']]),
    checkers: [usesWhatWasGranted],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('2s');
    },
  }),
  where: { file: 'control-queue-user.ts', line: '{ timeoutMs, answers' },
  buggy: { vf: controlQueueUser(2) },
  fixed: { vf: controlQueueUser(500) },
});
