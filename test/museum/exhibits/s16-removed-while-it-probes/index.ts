import { cut } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { noLateCompletion } from './no-late-completion.ts';
import { surveyingDriver } from './surveying-driver.ts';

export default defineExhibit({
  id: 'S16',
  title: 'A device is removed while it is probed, and a late completion strikes',
  sources: [
    'https://lore.kernel.org/r/20230404020545.32359-2-decui@microsoft.com',
    'https://lwn.net/ml/linux-kernel/20230420024037.5921-1-decui@microsoft.com/',
    'https://git.kernel.org/linus/440b5e366327',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S16',
  scenario: defineScenario({
    name: 'the channel is rescinded while the work that the probe waits for runs',
    pf: versionedPf(),
    vf: surveyingDriver(true),
    profile: 'linux',
    checkers: [noLateCompletion],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.until({ hop: 'hypervWriteCfgBlkReturn' });
      await world.invalidate(0, 2n);
      await world.advance('1s');
    },
  }),
  options: { faults: [{ when: { hop: 'hypervReadCfgBlkReturn', nth: 1 }, do: cut() }] },
  where: { file: 'surveying-driver.ts', line: 'error !== 0 && flushes' },
  buggy: { vf: surveyingDriver(false) },
  fixed: { vf: surveyingDriver(true) },
});
