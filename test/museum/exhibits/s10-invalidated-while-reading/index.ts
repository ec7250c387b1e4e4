import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf, versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { backgroundReader } from './background-reader.ts';

export default defineExhibit({
  id: 'S10',
  title: 'A second invalidation is taken for the one that is being read',
  sources: [
    'https://learn.microsoft.com/windows-hardware/drivers/network/sr-iov-pf-vf-backchannel-communication',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'I5',
  scenario: defineScenario({
    name: 'two changes, the second while the first is being read',
    pf: versionedPf(),
    vf: backgroundReader(true),
    pfConfiguration: new Map([
      ['ChangesAtMs', '20,21'],
      ['ReadTakesMs', '5'],
    ]),
    versionOf,
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('50ms');
    },
  }),
  where: { file: 'background-reader.ts', line: 'while (remembers && isStale)' },
  buggy: { vf: backgroundReader(false) },
  fixed: { vf: backgroundReader(true) },
});
