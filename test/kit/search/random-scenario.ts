import type { Random } from '#shared/time/random.ts';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import { versionedPf, versionOf } from '#test/museum/drivers/versioned-pf.ts';
import { backgroundReader } from '#test/museum/exhibits/s10-invalidated-while-reading/background-reader.ts';
import type { FaultRule } from '../faults/fault.ts';
import type { RunOptions } from '../scenario/run-scenario.ts';
import { defineScenario, type Scenario } from '../scenario/scenario.ts';
import type { ScenarioWorld } from '../scenario/scenario-world.ts';
import { seededRandom } from '../world/seeded-random.ts';
import { waysToBreak } from './ways.ts';

type Step = (world: ScenarioWorld) => Promise<void> | void;

type Drivers = Pick<Scenario, 'pf' | 'vf' | 'profile' | 'pfConfiguration' | 'versionOf'>;

const PAIRS: readonly Drivers[] = [
  { pf: 'reference', vf: 'reference' },
  { pf: 'hv-vhca', vf: 'hv-vhca' },
  { pf: 'hv-vhca', vf: 'hv-vhca', profile: 'linux' },
  {
    pf: versionedPf(),
    vf: backgroundReader(true),
    pfConfiguration: new Map([
      ['ChangesAtMs', '5,6,40'],
      ['ReadTakesMs', '2'],
    ]),
    versionOf,
  },
];

const HOP_NAMES = Object.keys(HOPS) as HopName[];
const MOST_STEPS = 8;
const MOST_FAULTS = 2;

/** A scenario, and what befalls it, that a seed stands for: correct drivers, faults in the model. */
export function randomScenario(seed: number): {
  readonly scenario: Scenario;
  readonly options: RunOptions;
} {
  const random = seededRandom(seed);
  const guests = Array.from({ length: 1 + below(3, random) }, (_, index) => ({
    name: `g${index + 1}`,
    vfs: 1 + below(2, random),
  }));
  const starts = guests.map(({ name, vfs }): Step => {
    const isAwaited = random() < 0.7;
    return (world) =>
      isAwaited ? world.attachGuest(name, { vfs }) : world.startGuest(name, { vfs });
  });
  const steps = Array.from({ length: 1 + below(MOST_STEPS, random) }, () => {
    const { name, vfs } = guests[below(guests.length, random)] ?? { name: 'g1', vfs: 1 };
    return stepOf(name, `${name}/${below(vfs, random)}`, random);
  });
  const scenario = defineScenario({
    name: `random ${seed}`,
    ...(PAIRS[below(PAIRS.length, random)] ?? { pf: 'reference', vf: 'reference' }),
    numVfs: 8,
    async run(world) {
      for (const step of [...starts, ...steps]) await step(world);
    },
  });
  const faults = Array.from({ length: below(MOST_FAULTS + 1, random) }, () => faultOf(random));
  return { scenario, options: { seed, latency: [0, 1, 10][below(3, random)], faults } };
}

/** Something that an operator or the world does; what is random about it is decided now. */
function stepOf(guest: string, device: string, random: Random): Step {
  const vfId = below(6, random);
  const mask = BigInt(1 + below(0xffff, random));
  const duration = below(30_000, random) / 10;
  const steps: readonly Step[] = [
    (world) => world.invalidate(vfId, mask),
    (world) => world.invalidate(vfId, 2n),
    async (world) => void (await world.resetVf(vfId)),
    async (world) => void (await world.ejectVf(vfId)),
    (world) => world.cut(device),
    (world) => world.killGuest(guest),
    (world) => world.stopGuest(guest),
    (world) => world.settle(),
    (world) => world.advance(duration),
    (world) => world.advance(duration / 100),
  ];
  return steps[below(steps.length, random)] ?? ((world) => world.settle());
}

function faultOf(random: Random): FaultRule {
  const hop = HOP_NAMES[below(HOP_NAMES.length, random)] ?? 'guestPacketSent';
  const ways = waysToBreak({ hop }, false);
  const way = ways[below(ways.length, random)] ?? ways[0];
  if (way === undefined) throw new Error(`nothing breaks ${hop}`);
  return { when: { hop, nth: 1 + below(6, random) }, do: way.fault };
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}
