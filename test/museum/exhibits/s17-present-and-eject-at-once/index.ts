import { forge } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { kernelLives } from '../../drivers/kernel-lives.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { HotRemovingBus } from './hot-removing-bus.ts';
import { slowDriver } from './slow-driver.ts';

export default defineExhibit({
  id: 'S17',
  title: 'An eject, and a list without the device, are worked on at once',
  sources: ['https://git.kernel.org/linus/021ad274d7dc'],
  story: new URL('story.md', import.meta.url),
  rule: 'S17',
  scenario: defineScenario({
    name: 'a VF is removed: an EJECT, and the list of what is left',
    pf: versionedPf(),
    vf: slowDriver,
    profile: 'linux',
    checkers: [kernelLives('S17', 'EJECT', 'BUS_RELATIONS2')],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('1s');
      await world.ejectVf(0);
      await world.advance('1s');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'hostPacketSent', name: 'EJECT' },
        do: forge({ type: 'BUS_RELATIONS2', devices: [] }),
      },
    ],
  },
  where: { file: 'hot-removing-bus.ts', line: "this.#queue === 'ordered' ?" },
  buggy: { bus: (options) => new HotRemovingBus(options, 'system_wq') },
  fixed: { bus: (options) => new HotRemovingBus(options, 'ordered') },
});
