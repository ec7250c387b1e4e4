import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { drop } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { commandingPf } from './commanding-pf.ts';
import { controlPlaneLives } from './control-plane-lives.ts';
import { lockingDriver } from './locking-driver.ts';

export default defineExhibit({
  id: 'M8',
  title: 'A stop waits under the lock for a report that does not come back',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/en/hv_vhca_stats.c',
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/lib/hv_vhca.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'M8',
  scenario: defineScenario({
    name: 'reports every 100 ms, a stop, and reports every 200 ms; the first report is lost',
    pf: commandingPf(),
    vf: lockingDriver('doesNotWait'),
    profile: 'linux',
    pfConfiguration: new Map([
      ['Commands', '1,0,2'],
      ['CommandsAtMs', '20,250,300'],
    ]),
    checkers: [controlPlaneLives],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('3s');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'guestPacketSent', name: 'WRITE_BLOCK', blockId: HV_VHCA_AGENT.stats, nth: 1 },
        do: drop(),
      },
    ],
  },
  where: { file: 'locking-driver.ts', line: "this.#stop === 'waits'" },
  buggy: { vf: lockingDriver('waits') },
  fixed: { vf: lockingDriver('doesNotWait') },
});
