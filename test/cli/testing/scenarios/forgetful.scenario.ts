import { versionedPf, versionOf } from '#test/museum/drivers/versioned-pf.ts';
import { backgroundReader } from '#test/museum/exhibits/s10-invalidated-while-reading/background-reader.ts';
import { defineScenario } from '#test/testing.ts';

/** Its VF forgets what it is told while it reads, which it does only when a read is late. */
export default defineScenario({
  name: 'two changes',
  pf: versionedPf(),
  vf: backgroundReader(false),
  pfConfiguration: new Map([
    ['ChangesAtMs', '20,28'],
    ['ReadTakesMs', '5'],
  ]),
  versionOf,
  async run(world) {
    await world.attachGuest('g1');
    await world.advance('50ms');
  },
});
