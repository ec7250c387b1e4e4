import { LinuxVirtualFunction } from '#guest/linux/linux-virtual-function.ts';
import { truncateFrame } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import type { GuestBus } from '../../../kit/world/guest-bus.ts';
import { versionedPf, versionOf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { ChannelCallback } from './channel-callback.ts';
import { patientReader } from './patient-reader.ts';

/** How much is left of the message for each guest: no more than its type, or nearly all. */
const LENGTHS = [105, 120, 135, 142];

/** pci-hyperv, with a channel callback that `checksLength` or does not. */
function busWith(checksLength: boolean): GuestBus {
  return (options) => {
    const transport = new ChannelCallback(options.transport, checksLength);
    return new LinuxVirtualFunction({ ...options, transport });
  };
}

export default defineExhibit({
  id: 'S04',
  title: 'A truncated invalidation is read to the end that it does not have',
  sources: ['https://lore.kernel.org/r/20220511223207.3386-2-parri.andrea@gmail.com'],
  story: new URL('story.md', import.meta.url),
  rule: 'I4',
  scenario: defineScenario({
    name: 'a host that cuts each second invalidation short',
    pf: versionedPf(),
    vf: patientReader,
    profile: 'linux',
    versionOf,
    async run(world) {
      for (const index of LENGTHS.keys())
        await world.attachGuest(`g${index + 1}`, { retry: false });
      for (const mask of [8n, 2n]) {
        for (const vfId of LENGTHS.keys()) await world.invalidate(vfId, mask);
      }
      await world.advance('100ms');
    },
  }),
  options: {
    faults: LENGTHS.map((characters, index) => ({
      when: {
        hop: 'hostPacketSent',
        name: 'INVALIDATE_BLOCK',
        device: `g${index + 1}/0`,
        nth: 2,
      },
      do: truncateFrame(characters),
    })),
  },
  where: { file: 'channel-callback.ts', line: 'if (this.#checksLength &&' },
  buggy: { bus: busWith(false) },
  fixed: { bus: busWith(true) },
});
