import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { nobodyWaitsForASleeper } from './nobody-waits-for-a-sleeper.ts';
import { pingedVf } from './pinged-vf.ts';
import { pingingPf } from './pinging-pf.ts';

export default defineExhibit({
  id: 'S39',
  title: 'The PF waits for an acknowledgement that cannot come',
  sources: ['https://github.com/DPDK/dpdk/commit/1f119e4e3c36f954a353028d2ce6879b8adc8289'],
  story: new URL('story.md', import.meta.url),
  rule: 'S39',
  scenario: defineScenario({
    name: 'a message to all VFs, one of which is not up',
    pf: pingingPf('anAckThatCanCome'),
    vf: pingedVf('g1/0'),
    pfConfiguration: new Map([['LinkChangesAtMs', '100']]),
    checkers: [nobodyWaitsForASleeper],
    async run(world) {
      await world.attachGuest('g1');
      await world.attachGuest('g2');
      await world.advance('3s');
    },
  }),
  where: { file: 'pinging-pf.ts', line: "if (awaits === 'anAckThatCanCome'" },
  buggy: { pf: pingingPf('everyAck') },
  fixed: { pf: pingingPf('anAckThatCanCome') },
});
