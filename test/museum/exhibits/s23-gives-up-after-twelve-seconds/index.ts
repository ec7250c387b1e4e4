import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { reportsCome } from '../../drivers/reports-come.ts';
import { defineExhibit } from '../../exhibit.ts';
import { patientVf } from './patient-vf.ts';
import { slowPf } from './slow-pf.ts';

export default defineExhibit({
  id: 'S23',
  title: 'A device takes 100 s to come; its driver gives up after 12 s',
  sources: ['https://github.com/DPDK/dpdk/commit/03d66f18dd'],
  story: new URL('story.md', import.meta.url),
  rule: 'S23',
  scenario: defineScenario({
    name: 'a PF that is ready after 100 s',
    pf: slowPf(),
    vf: patientVf(Number.POSITIVE_INFINITY),
    pfConfiguration: new Map([['ReadyAfterMs', '100000']]),
    checkers: [reportsCome('S23')],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('110s');
    },
  }),
  where: { file: 'patient-vf.ts', line: 'attempt < attempts' },
  buggy: { vf: patientVf(12) },
  fixed: { vf: patientVf(Number.POSITIVE_INFINITY) },
});
