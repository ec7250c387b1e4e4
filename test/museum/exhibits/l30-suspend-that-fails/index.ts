import { drop } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { ejectsAreCompleted } from './ejects-are-completed.ts';
import { SuspendingBus } from './suspending-bus.ts';

export default defineExhibit({
  id: 'L30',
  title: 'A suspend that fails leaves the state "removing"',
  sources: ['https://github.com/torvalds/linux/blob/master/drivers/pci/controller/pci-hyperv.c'],
  story: new URL('story.md', import.meta.url),
  rule: 'L30',
  scenario: defineScenario({
    name: 'a guest cannot be put to sleep, and is asked for its VF',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [ejectsAreCompleted],
    async run(world) {
      await world.attachGuest('g1', { retry: false });
      await world.suspendGuest('g1');
      await world.resumeGuest('g1');
      await world.ejectVf(0);
      await world.advance('5s');
    },
  }),
  options: {
    faults: [{ when: { hop: 'guestPacketSent', name: 'FDO_D0_EXIT', nth: 1 }, do: drop() }],
  },
  where: { file: 'suspending-bus.ts', line: "if (this.#afterFailure === 'asBefore')" },
  buggy: { bus: (options) => new SuspendingBus(options, 'removing') },
  fixed: { bus: (options) => new SuspendingBus(options, 'asBefore') },
});
