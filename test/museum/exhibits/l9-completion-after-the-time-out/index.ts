import { delay } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { kernelLives } from '../../drivers/kernel-lives.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { ExitingBus } from './exiting-bus.ts';

export default defineExhibit({
  id: 'L9',
  title: 'A completion comes when the wait for it has timed out',
  sources: [
    'https://git.kernel.org/linus/b4927bd27262',
    'https://git.kernel.org/linus/a765ed47e451',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'L9',
  scenario: defineScenario({
    name: 'a guest that leaves, and a host that takes longer than the guest waits',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [kernelLives('L9', 'FDO_D0_EXIT')],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('1s');
      await world.stopGuest('g1');
      await world.advance('1s');
    },
  }),
  options: {
    faults: [{ when: { hop: 'hostCompletionSent', name: 'FDO_D0_EXIT' }, do: delay('2050ms') }],
  },
  where: { file: 'exiting-bus.ts', line: "if (this.#inVain === 'isTakenBack')" },
  buggy: { bus: (options) => new ExitingBus(options, 'stays') },
  fixed: { bus: (options) => new ExitingBus(options, 'isTakenBack') },
});
