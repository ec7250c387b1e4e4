import { LinuxVirtualFunction } from '#guest/linux/linux-virtual-function.ts';
import { forge } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import type { GuestBus } from '../../../kit/world/guest-bus.ts';
import { probingDriver } from '../../drivers/probing-driver.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { sessionSurvives } from './session-survives.ts';
import { StrictWorker, type Unknown } from './strict-worker.ts';

function busWith(unknown: Unknown): GuestBus {
  return (options) => {
    const transport = new StrictWorker(options.transport, unknown);
    return new LinuxVirtualFunction({ ...options, transport });
  };
}

export default defineExhibit({
  id: 'S15',
  title: 'A message that only a newer guest knows ends the session',
  sources: [
    'https://github.com/microsoft/openvmm/blob/main/vm/devices/pci/vpci_client/src/lib.rs',
    'https://github.com/torvalds/linux/blob/master/drivers/pci/controller/pci-hyperv.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S15',
  scenario: defineScenario({
    name: 'a packet of a type that no guest knows',
    pf: versionedPf(),
    vf: probingDriver,
    profile: 'linux',
    checkers: [sessionSurvives],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('1s');
      await world.invalidate(0, 4n);
      await world.advance('1s');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'hostPacketSent', name: 'INVALIDATE_BLOCK' },
        do: forge({ type: 'NEWS_OF_A_NEWER_HOST', slot: 0 }),
      },
    ],
  },
  where: { file: 'strict-worker.ts', line: "this.#unknown === 'endsTheWorker'" },
  buggy: { bus: busWith('endsTheWorker') },
  fixed: { bus: busWith('isPassedOver') },
});
