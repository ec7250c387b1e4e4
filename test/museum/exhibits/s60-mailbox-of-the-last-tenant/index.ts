import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { nothingOfTheLastTenant } from './nothing-of-the-last-tenant.ts';
import { storingPf } from './storing-pf.ts';
import { tenant } from './tenant.ts';

export default defineExhibit({
  id: 'S60',
  title: 'The next tenant of a VF finds the mailbox of the last one',
  sources: ['https://github.com/k8snetworkplumbingwg/sriov-network-device-plugin/issues/714'],
  story: new URL('story.md', import.meta.url),
  rule: 'S60',
  scenario: defineScenario({
    name: 'a guest dies, and another one gets its VF',
    pf: storingPf('whenFreed'),
    vf: tenant(),
    numVfs: 1,
    checkers: [nothingOfTheLastTenant],
    async run(world) {
      await world.attachGuest('g1');
      world.killGuest('g1');
      await world.advance('1s');
      await world.attachGuest('g2');
      await world.settle();
    },
  }),
  where: { file: 'storing-pf.ts', line: "if (forgets === 'whenFreed')" },
  buggy: { pf: storingPf('whenAsked') },
  fixed: { pf: storingPf('whenFreed') },
});
