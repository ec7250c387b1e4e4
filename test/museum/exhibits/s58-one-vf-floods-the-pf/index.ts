import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { mailboxPf, oneByOne } from '../../drivers/mailbox-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { answeredInTime } from './answered-in-time.ts';
import { byTurns } from './by-turns.ts';
import { neighbour } from './neighbour.ts';

export default defineExhibit({
  id: 'S58',
  title: 'One VF floods the mailbox of the PF, and the others starve',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/intel/ice/ice_vf_mbx.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S58',
  scenario: defineScenario({
    name: 'a guest that asks a hundred things at once, and one that asks one',
    pf: mailboxPf(byTurns),
    vf: neighbour(),
    pfConfiguration: new Map([['ReplyTakesMs', '10']]),
    checkers: [answeredInTime],
    async run(world) {
      await world.attachGuest('flood');
      await world.attachGuest('quiet');
      await world.advance('5s');
    },
  }),
  where: { file: 'by-turns.ts', line: 'for (const [vfId, queue] of queues)' },
  buggy: { pf: mailboxPf(oneByOne(({ mail }) => mail.value)) },
  fixed: { pf: mailboxPf(byTurns) },
});
