import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { busWith } from './packet-length.ts';
import { writesSucceed } from './writes-succeed.ts';
import { writingDriver } from './writing-driver.ts';

export default defineExhibit({
  id: 'S06',
  title: 'A host of 2018 refuses writes that are as long as documented',
  sources: ['https://github.com/torvalds/linux/blob/master/drivers/pci/controller/pci-hyperv.c'],
  story: new URL('story.md', import.meta.url),
  rule: 'S06',
  scenario: defineScenario({
    name: 'a write to a host that checks the length of writes wrongly',
    pf: versionedPf(),
    vf: writingDriver,
    profile: 'linux',
    writeSizeQuirk: '2018',
    checkers: [writesSucceed],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('1s');
    },
  }),
  where: { file: 'packet-length.ts', line: "transport: length === 'asDocumented' ?" },
  buggy: { bus: busWith('asDocumented') },
  fixed: { bus: busWith('withSpareBytes') },
});
