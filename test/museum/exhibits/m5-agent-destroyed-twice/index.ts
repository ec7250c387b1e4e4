import { failAllocation } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { kernelLives } from '../../drivers/kernel-lives.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { reopeningDriver } from './reopening-driver.ts';

export default defineExhibit({
  id: 'M5',
  title: 'A pointer is kept of an agent that was destroyed',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/en/hv_vhca_stats.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'M5',
  scenario: defineScenario({
    name: 'an interface is closed, opened without memory, and closed',
    pf: versionedPf(),
    vf: reopeningDriver('null'),
    profile: 'linux',
    checkers: [kernelLives('M5')],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('1s');
    },
  }),
  options: { faults: [{ when: { hop: 'kzalloc', nth: 2 }, do: failAllocation() }] },
  where: { file: 'reopening-driver.ts', line: "if (this.#afterDestroy === 'null')" },
  buggy: { vf: reopeningDriver('itsAddress') },
  fixed: { vf: reopeningDriver('null') },
});
