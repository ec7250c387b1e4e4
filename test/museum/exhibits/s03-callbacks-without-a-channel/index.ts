import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { replyWith } from '../../../kit/faults/fault.ts';
import { defineScenario } from '../../../kit/scenario/scenario.ts';
import { versionedPf } from '../../drivers/versioned-pf.ts';
import { defineExhibit } from '../../exhibit.ts';
import { blockCallbacks } from './block-callbacks.ts';
import { initializationReturns } from './initialization-returns.ts';

export default defineExhibit({
  id: 'S03',
  title: 'Callbacks are set although there is no channel behind them',
  sources: ['https://lore.kernel.org/r/20260409215232.399350-1-decui@microsoft.com'],
  story: new URL('story.md', import.meta.url),
  rule: 'S03',
  // It looks at the lock for ever, with a timer.
  alsoBreaks: ['I10'],
  scenario: defineScenario({
    name: 'a VF starts where nobody has the interface of the VPCI driver',
    pf: versionedPf(),
    vf: blockCallbacks('with the channel'),
    checkers: [initializationReturns],
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('20s');
    },
  }),
  options: {
    faults: [
      {
        when: { hop: 'vfIoCallDriver', name: 'IRP_MN_QUERY_INTERFACE' },
        do: replyWith({ status: NTSTATUS.STATUS_NOT_SUPPORTED }),
      },
    ],
  },
  where: { file: 'block-callbacks.ts', line: "if (sets === 'at once')" },
  buggy: { vf: blockCallbacks('at once') },
  fixed: { vf: blockCallbacks('with the channel') },
});
