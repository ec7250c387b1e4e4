import { expect, test } from 'vitest';
import wholeLife from '../samples/whole-life.scenario.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { countsEveryGuest, sideOf } from './process-rules.ts';

test.each([
  ['windows', wholeLife],
  ['linux', { ...wholeLife, profile: 'linux' as const }],
])(
  'every hop of the life of a VF on %s is reported by the side that is known for it',
  async (_guest, scenario) => {
    const { events } = await runScenario(scenario);
    // Only the management OS knows the PF.
    const sides = events.map(({ hop, pf }) => ({ hop, side: pf === undefined ? 'guest' : 'host' }));
    const others = sides.filter(({ hop, side }) => (sideOf(hop) ?? side) !== side);
    expect(others).toEqual([]);
    const ofBoth = sides.filter(({ hop }) => sideOf(hop) === undefined);
    expect(new Set(ofBoth.map(({ hop, side }) => `${hop} ${side}`))).toEqual(
      new Set(['channelClosed guest', 'channelClosed host']),
    );
  },
);

test('a rule counts every guest when it numbers what guests report, and names none', () => {
  const cut = { verb: 'cut' } as const;
  const hop = 'guestPacketSent' as const;
  expect(countsEveryGuest({ when: { hop, nth: 1 }, do: cut })).toBe(true);
  const until = { hop: 'guestCompletionSent', nth: 1 } as const;
  expect(countsEveryGuest({ when: { hop }, do: { verb: 'hold', until } })).toBe(true);
  expect(countsEveryGuest({ when: { hop, nth: 1, device: 'g1/0' }, do: cut })).toBe(false);
  expect(countsEveryGuest({ when: { hop }, do: cut })).toBe(false);
  expect(countsEveryGuest({ when: { hop: 'guestPacketReceived', nth: 1 }, do: cut })).toBe(false);
});
