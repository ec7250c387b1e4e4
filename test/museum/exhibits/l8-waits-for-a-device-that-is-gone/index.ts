import { cut } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { comesBack } from './comes-back.ts';
import { WaitingBus } from './waiting-bus.ts';

export default defineExhibit({
  id: 'L8',
  title: 'A wait for the host does not end when the device is gone',
  sources: ['https://git.kernel.org/linus/c3635da2a336'],
  story: new URL('story.md', import.meta.url),
  rule: 'L8',
  scenario: defineScenario({
    name: 'a VF is taken away while it is probed, and offered again',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [comesBack],
    async run(world) {
      world.startGuest('g1');
      await world.advance('20s');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'guestPacketSent', name: 'CURRENT_RESOURCE_REQUIREMENTS', nth: 1 },
        do: cut(),
      },
    ],
  },
  where: { file: 'waiting-bus.ts', line: "if (this.#waitsFor === 'theResponse')" },
  buggy: { bus: (options) => new WaitingBus(options, 'theResponse') },
  fixed: { bus: (options) => new WaitingBus(options, 'theResponseOrARescind') },
});
