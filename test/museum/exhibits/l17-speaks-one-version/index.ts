import { VERSION_1_1, VERSION_1_3 } from '#shared/wire/version.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { hvPci } from './hv-pci.ts';
import { negotiates } from './negotiates.ts';

export default defineExhibit({
  id: 'L17',
  title: 'A guest that asks for one version has no device on an older host',
  sources: ['https://git.kernel.org/linus/b1db7e7e1d70'],
  story: new URL('story.md', import.meta.url),
  rule: 'L17',
  scenario: defineScenario({
    name: 'a new guest on an old host',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    versions: { host: [VERSION_1_1], guest: [VERSION_1_3, VERSION_1_1] },
    checkers: [negotiates],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('1s');
    },
  }),
  where: { file: 'hv-pci.ts', line: "asksFor === 'each' ?" },
  buggy: { bus: (options) => hvPci(options, 'itsNewest') },
  fixed: { bus: (options) => hvPci(options, 'each') },
});
