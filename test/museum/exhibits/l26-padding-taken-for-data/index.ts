import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { countingDriver } from './counting-driver.ts';
import { listingPf } from './listing-pf.ts';
import { setsUpWhatIsListed } from './sets-up-what-is-listed.ts';

export default defineExhibit({
  id: 'L26',
  title: 'The padding of a short read is taken for data',
  sources: ['https://github.com/torvalds/linux/blob/master/drivers/pci/controller/pci-hyperv.c'],
  story: new URL('story.md', import.meta.url),
  rule: 'L26',
  scenario: defineScenario({
    name: 'a list that is shorter than what was asked for',
    pf: listingPf(),
    vf: countingDriver('theList'),
    profile: 'linux',
    checkers: [setsUpWhatIsListed],
    async run(world) {
      await world.attachGuest('g1', { retry: false });
      await world.settle();
    },
  }),
  where: { file: 'counting-driver.ts', line: "counts === 'bytesReturned' ?" },
  buggy: { vf: countingDriver('bytesReturned') },
  fixed: { vf: countingDriver('theList') },
});
