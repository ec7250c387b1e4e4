import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { defineExhibit } from '../../exhibit.ts';
import { blockReader } from './block-reader.ts';
import { readsItsOwn } from './reads-its-own.ts';
import { windowPf } from './window-pf.ts';

export default defineExhibit({
  id: 'S62',
  title: 'A VF reads the block of another VF',
  sources: [
    'https://learn.microsoft.com/windows-hardware/drivers/network/oid-sriov-read-vf-config-block',
  ],
  story: new URL('story.md', import.meta.url),
  rule: 'S62',
  scenario: defineScenario({
    name: 'two VFs read their blocks while the PF looks after both',
    pf: windowPf('selectsAndReads'),
    vf: blockReader(),
    pfConfiguration: new Map([
      ['SweepEveryMs', '5'],
      ['ReadTakesMs', '2'],
    ]),
    checkers: [readsItsOwn],
    async run(world) {
      await world.attachGuest('g1');
      await world.attachGuest('g2');
      await world.advance('100ms');
    },
  }),
  where: { file: 'window-pf.ts', line: "if (order === 'selectsThenReads')" },
  buggy: { pf: windowPf('selectsThenReads') },
  fixed: { pf: windowPf('selectsAndReads') },
});
