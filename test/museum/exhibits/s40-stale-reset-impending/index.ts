import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { goesBackToWork } from './goes-back-to-work.ts';
import { resettablePf } from './resettable-pf.ts';
import { watchdogVf } from './watchdog-vf.ts';

export default defineExhibit({
  id: 'S40',
  title: 'A reset is announced, is over, and only then waited for',
  sources: ['https://github.com/intel/ethernet-linux-iavf/pull/2'],
  story: new URL('story.md', import.meta.url),
  rule: 'S40',
  scenario: defineScenario({
    name: 'a reset while the VF is looking after itself',
    pf: resettablePf(),
    vf: watchdogVf('locksThenReads'),
    pfConfiguration: new Map([['ResetAtMs', '21']]),
    checkers: [goesBackToWork],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('7s');
    },
  }),
  where: { file: 'watchdog-vf.ts', line: "if (order === 'readsThenLocks')" },
  buggy: { vf: watchdogVf('readsThenLocks') },
  fixed: { vf: watchdogVf('locksThenReads') },
});
