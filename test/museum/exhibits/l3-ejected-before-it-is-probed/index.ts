import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { nobodyProbesWhatWasGivenBack } from './nobody-probes-what-was-given-back.ts';
import { ResourcefulBus } from './resourceful-bus.ts';

export default defineExhibit({
  id: 'L3',
  title: 'An EJECT is completed first, and the device probed after that',
  sources: ['https://git.kernel.org/linus/067d6ec7ed5b'],
  story: new URL('story.md', import.meta.url),
  rule: 'L3',
  scenario: defineScenario({
    name: 'an EJECT between D0 and the probe of the driver',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [nobodyProbesWhatWasGivenBack],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('5ms');
      await world.ejectVf(0);
      await world.advance('1s');
    },
  }),
  where: { file: 'resourceful-bus.ts', line: "if (this.#ejects === 'afterTheProbe')" },
  buggy: { bus: (options) => new ResourcefulBus(options, 'atOnce') },
  fixed: { bus: (options) => new ResourcefulBus(options, 'afterTheProbe') },
});
