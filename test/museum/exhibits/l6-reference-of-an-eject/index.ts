import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { nothingIsLeft } from '../../drivers/nothing-is-left.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { CountingBus } from './counting-bus.ts';

export default defineExhibit({
  id: 'L6',
  title: 'Each eject leaves a reference behind',
  sources: ['https://git.kernel.org/linus/05f151a73ec2'],
  story: new URL('story.md', import.meta.url),
  rule: 'L6',
  scenario: defineScenario({
    name: 'a VF is ejected',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [nothingIsLeft('L6')],
    async run(world) {
      await world.attachGuest('g1', { retry: false });
      await world.ejectVf(0);
      await world.advance('1s');
    },
  }),
  where: { file: 'counting-bus.ts', line: "if (this.#givesBack === 'allThree')" },
  buggy: { bus: (options) => new CountingBus(options, 'twoOfThree') },
  fixed: { bus: (options) => new CountingBus(options, 'allThree') },
});
