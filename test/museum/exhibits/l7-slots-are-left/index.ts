import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { nothingIsLeft } from '../../drivers/nothing-is-left.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { SlottedBus } from './slotted-bus.ts';

export default defineExhibit({
  id: 'L7',
  title: 'The slot of a device is left when its bus goes without an eject',
  sources: [
    'https://git.kernel.org/linus/15becc2b56c6',
    'https://git.kernel.org/linus/340d45569940',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'L7',
  scenario: defineScenario({
    name: 'one VF is ejected, and the bus of another is unloaded',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [nothingIsLeft('L7')],
    async run(world) {
      await world.attachGuest('g1', { retry: false });
      await world.attachGuest('g2', { retry: false });
      await world.ejectVf(0);
      await world.stopGuest('g2');
    },
  }),
  where: { file: 'slotted-bus.ts', line: "if (this.#destroysSlots === 'always')" },
  buggy: { bus: (options) => new SlottedBus(options, 'whenEjected') },
  fixed: { bus: (options) => new SlottedBus(options, 'always') },
});
