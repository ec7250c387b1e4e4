import { duplicate } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { kernelLives } from '../../drivers/kernel-lives.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { EjectingBus } from './ejecting-bus.ts';

export default defineExhibit({
  id: 'L25',
  title: 'A second EJECT initialises work that is waiting',
  sources: ['https://github.com/torvalds/linux/blob/master/drivers/pci/controller/pci-hyperv.c'],
  story: new URL('story.md', import.meta.url),
  rule: 'L25',
  scenario: defineScenario({
    name: 'an EJECT that comes twice',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [kernelLives('L25', 'EJECT')],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('1s');
      await world.ejectVf(0);
      await world.advance('1s');
    },
  }),
  options: { faults: [{ when: { hop: 'hostPacketSent', name: 'EJECT' }, do: duplicate() }] },
  where: { file: 'ejecting-bus.ts', line: "this.#secondEject === 'ignored'" },
  buggy: { bus: (options) => new EjectingBus(options, 'queued') },
  fixed: { bus: (options) => new EjectingBus(options, 'ignored') },
});
