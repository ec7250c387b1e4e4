import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { defineScenario } from '#test/testing.ts';

/** Its VF never lets go of the thread. */
export default defineScenario({
  name: 'endless',
  pf: 'reference',
  vf: defineVfMiniport(() =>
    configBlockVf({
      async initialize() {
        process.stderr.write('it begins\n');
        for (;;) await Promise.resolve();
      },
      invalidated() {},
    }),
  ),
  run: (world) => world.attachGuest('g1'),
});
