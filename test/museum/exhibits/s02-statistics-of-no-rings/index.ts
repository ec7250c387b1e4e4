import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { reporter } from './reporter.ts';
import { statisticsArrive } from './statistics-arrive.ts';

export default defineExhibit({
  id: 'S02',
  title: 'Statistics sized before there are rings: a buffer of no bytes',
  sources: [
    'https://git.kernel.org/netdev/net/c/25f6b929c7e3',
    'https://lore.kernel.org/r/20260604135041.455754-2-tariqt@nvidia.com',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S02',
  scenario: defineScenario({
    name: 'the PF asks for statistics after a VF was opened',
    pf: versionedPf(),
    vf: reporter('whenTheyAreSent'),
    pfConfiguration: new Map([['ChangesAtMs', '20']]),
    checkers: [statisticsArrive],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('100ms');
    },
  }),
  where: { file: 'reporter.ts', line: "if (sized === 'whenTheyAreSent')" },
  buggy: { vf: reporter('atTheStart') },
  fixed: { vf: reporter('whenTheyAreSent') },
});
