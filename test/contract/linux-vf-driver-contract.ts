import type { LinuxModule } from '#guest/linux/linux-vf-driver.ts';
import { turn } from '#test/kit/world/turn.ts';
import { type ContractReport, demand, Rules } from './contract.ts';
import { LinuxDoor } from './linux-door.ts';
import { NodeTimers } from './node-timers.ts';
import { type PfDeviceOptions, withDevice } from './pf-device.ts';
import { ALL_BLOCKS } from './watched-blocks.ts';

/** Longer than a driver that forgets to stop its work would wait with it. */
const LATER_MS = 600_000;

export interface LinuxVfDriverContractOptions extends PfDeviceOptions {
  /** The parameters of the module. */
  readonly parameters?: ReadonlyMap<string, string>;
}

/**
 * Holds a native Linux VF driver to its contract, without a bus beneath it: every rule is checked on a
 * device of its own, under a clock that is moved by hand. It needs no test framework.
 *
 * @throws ContractError that lists every broken rule
 */
export async function linuxVfDriverContract(
  module: LinuxModule,
  options: LinuxVfDriverContractOptions = {},
): Promise<ContractReport> {
  const rules = new Rules('Linux VF driver');
  const breaches: string[] = [];
  const timers = new NodeTimers();
  const check: Check = (rule, run) =>
    rules.check(rule, () => timers.of(() => withDoor(module, options, breaches, run)));
  await checkProbe(check);
  await checkInvalidations(check);
  await checkRemove(check);
  await timers.check(rules);
  await rules.check('it keeps to the rules of what it calls, and throws nothing', () => {
    demand(breaches.length === 0, [...new Set(breaches)].join('; '));
  });
  return rules.report();
}

/** Checks a rule on a device that has not been probed; has the driver let go of it after. */
type Check = (rule: string, run: (door: LinuxDoor) => Promise<void>) => Promise<void>;

function withDoor(
  module: LinuxModule,
  options: LinuxVfDriverContractOptions,
  breaches: string[],
  run: (door: LinuxDoor) => Promise<void>,
): Promise<void> {
  const parameters = options.parameters ?? new Map();
  return withDevice(options, async (device, patience) => {
    const door = new LinuxDoor(module, parameters, breaches, device, patience);
    try {
      await run(door);
    } finally {
      await door.remove().catch(() => {});
    }
  });
}

/** A probe that must take the device. */
async function probed(door: LinuxDoor): Promise<void> {
  const failure = await door.probe();
  demand(failure === undefined, failure ?? '');
}

const ADVERSITIES: readonly (readonly [what: string, befall: (door: LinuxDoor) => void])[] = [
  ['each request is -EIO', (door) => (door.gone = true)],
  ['each request is -EAGAIN', (door) => (door.blocks.isFull = true)],
  ['each request is -ENODEV', (door) => door.rescind()],
  ['there is no memory', (door) => (door.isOutOfMemory = true)],
];

async function checkProbe(check: Check): Promise<void> {
  await check('it takes its device', probed);
  for (const [what, befall] of ADVERSITIES) {
    await check(`its probe returns when ${what}, and leaves nothing if it fails`, async (door) => {
      befall(door);
      if ((await door.probe()) !== undefined) demandNothingLeft(door);
    });
  }
}

async function checkInvalidations(check: Check): Promise<void> {
  await check('it takes an invalidation of any block, and of all at once', async (door) => {
    await probed(door);
    for (let block = 0n; block < 64n; block++) await door.invalidate(1n << block);
    await door.invalidate(ALL_BLOCKS);
  });
  await check('it takes an invalidation that comes while it probes', async (door) => {
    door.blocks.tellsAtOnce = true;
    await probed(door);
    await door.invalidate(1n);
  });
  for (const [what, befall] of ADVERSITIES) {
    await check(`it takes an invalidation when ${what}`, async (door) => {
      await probed(door);
      befall(door);
      await door.invalidate(ALL_BLOCKS);
    });
  }
}

async function checkRemove(check: Check): Promise<void> {
  for (const isGone of [false, true]) {
    const state = isGone ? 'is gone' : 'is there';
    await check(
      `after remove of a device that ${state} it has no timer and no callback, and calls nothing`,
      async (door) => {
        await probed(door);
        await door.invalidate(ALL_BLOCKS);
        await door.remove(isGone);
        demandNothingLeft(door);
        await door.clock.advance(LATER_MS);
      },
    );
  }
  await check('it is removed while it works on an invalidation', async (door) => {
    await probed(door);
    door.blocks.invalidated(ALL_BLOCKS, 0);
    await turn();
    await door.remove();
    demandNothingLeft(door);
    await door.clock.advance(LATER_MS);
  });
}

function demandNothingLeft({ clock, blocks }: LinuxDoor): void {
  demand(clock.timers === 0, `${clock.timers} timers are still set`);
  demand(!blocks.isRegistered, 'its invalidation callback is still registered');
}
