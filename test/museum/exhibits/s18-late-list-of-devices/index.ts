import { reorder, replyWith } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { deviceInD0IsProbed } from './device-in-d0-is-probed.ts';
import { RetryingBus } from './retrying-bus.ts';

/** What the host answers that still holds the device for the kernel that crashed. */
const STATUS_INVALID_DEVICE_STATE = 0xc000_0184;

export default defineExhibit({
  id: 'S18',
  title: 'A second list of devices comes too late for a bus that waits for it',
  sources: [
    'https://git.kernel.org/linus/d6af2ed29c7c',
    'https://git.kernel.org/linus/a847234e24d0',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S18',
  scenario: defineScenario({
    name: 'D0 refused once, and the list that comes with the second try overtaken',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [deviceInD0IsProbed],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('500ms');
      await world.invalidate(0, 4n);
      await world.advance('500ms');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'guestPacketSent', name: 'FDO_D0_ENTRY', nth: 1 },
        do: replyWith({ status: STATUS_INVALID_DEVICE_STATE }),
      },
      { when: { hop: 'hostPacketSent', name: 'BUS_RELATIONS2', nth: 2 }, do: reorder(2) },
    ],
  },
  where: { file: 'retrying-bus.ts', line: "if (this.#whenRetried === 'released')" },
  buggy: { bus: (options) => new RetryingBus(options, 'released') },
  fixed: { bus: (options) => new RetryingBus(options, 'kept') },
});
