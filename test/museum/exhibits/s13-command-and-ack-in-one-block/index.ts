import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { acknowledgingVf } from './acknowledging-vf.ts';
import { commandingPf } from './commanding-pf.ts';
import { commandsAreAcknowledged } from './commands-are-acknowledged.ts';

export default defineExhibit({
  id: 'S13',
  title: 'The acknowledgement of one command overwrites the next one',
  sources: [
    'https://github.com/torvalds/linux/blob/master/drivers/net/ethernet/mellanox/mlx5/core/lib/hv_vhca.c',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S13',
  scenario: defineScenario({
    name: 'two commands, the second while the first is carried out',
    pf: commandingPf('theAck'),
    vf: acknowledgingVf(),
    pfConfiguration: new Map([['CommandsAtMs', '20,22']]),
    checkers: [commandsAreAcknowledged],
    async run(world) {
      await world.attachGuest('g1');
      await world.advance('100ms');
    },
  }),
  where: { file: 'commanding-pf.ts', line: "takes === 'theBlock' ?" },
  buggy: { pf: commandingPf('theBlock') },
  fixed: { pf: commandingPf('theAck') },
});
