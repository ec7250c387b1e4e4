import { describe, expect, test } from 'vitest';
import { CALLBACK_RULE } from '#guest/linux/invalidate-callback.ts';
import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxPciDevice,
  type LinuxVfDriver,
} from '#guest/linux/linux-vf-driver.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { VERIFIER_RULES } from '#shared/verifier/rules.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

const EXCEPTION = { id: 'driver.no-exception', ...VERIFIER_RULES['driver.no-exception'] };

function thrown(): never {
  throw new Error('broken');
}

function rejected(): Promise<never> {
  return Promise.reject(new Error('broken'));
}

/** What a driver has in place of what does nothing. */
type Driver = (kernel: LinuxKernel) => Partial<LinuxVfDriver>;

/** A driver that does something in its probe. */
function probing(act: (kernel: LinuxKernel, device: LinuxPciDevice) => void): Driver {
  return (kernel) => ({
    probe(device) {
      act(kernel, device);
      return 0;
    },
  });
}

const registering = (callback: () => void): Driver =>
  probing((_kernel, device) => device.hyperv_reg_block_invalidate({}, callback));

interface Row {
  readonly routine: string;
  readonly driver: Driver;
  readonly what: string;
  readonly rule?: { readonly id: string };
}

const of = (routine: string): string => `${routine} of the Linux VF driver threw: broken`;
const CALLBACK = { rule: CALLBACK_RULE, what: 'the invalidation callback threw: broken' };

/** Every routine of a driver that the kernel calls. */
const ROWS: readonly Row[] = [
  { routine: 'init', driver: thrown, what: of('init') },
  { routine: 'probe', driver: () => ({ probe: thrown }), what: of('probe') },
  { routine: 'probe, later', driver: () => ({ probe: rejected }), what: of('probe') },
  { routine: 'remove', driver: () => ({ remove: thrown }), what: of('remove') },
  { routine: 'remove, later', driver: () => ({ remove: rejected }), what: of('remove') },
  {
    routine: 'scheduled work',
    driver: probing((kernel) => kernel.scheduleWork(thrown)),
    what: of('scheduled work'),
  },
  {
    routine: 'scheduled work, later',
    driver: probing((kernel) => kernel.scheduleWork(rejected)),
    what: of('scheduled work'),
  },
  {
    routine: 'a timer',
    driver: probing((kernel) => kernel.clock.setTimer(5, thrown)),
    what: of('a timer'),
  },
  {
    routine: 'a timer, later',
    driver: probing((kernel) => kernel.clock.setTimer(5, rejected)),
    what: of('a timer'),
  },
  { routine: 'the invalidation callback', driver: registering(thrown), ...CALLBACK },
];

/** A world in which a driver was started, told of block 0 and, unless it ended by itself, stopped. */
async function lived(driver: Driver, options: Partial<WorldOptions> = {}) {
  const pf = new RecordingPf();
  const world: World = await createWorld({ pf: pf.factory, breaks: 'any', ...options });
  const module = defineLinuxVfDriver((kernel) => ({
    probe: () => 0,
    remove: () => {},
    ...driver(kernel),
  }));
  const guest = await world.attachGuest(module, { profile: 'linux' });
  pf.invalidate(0, 1n);
  await world.clock.advance(1_000);
  const ends = await guest.os.stop();
  await world.clock.advance(1_000);
  return { world, guest, end: ends[0] };
}

describe('an exception that leaves a routine of a native Linux driver', () => {
  test.each(ROWS)('is reported once: $routine', async ({ driver, what, rule = EXCEPTION }) => {
    const { world } = await lived(driver);
    expect(world.reports).toMatchObject([
      { id: rule.id, actor: 'Linux VF driver g1/0', severity: 'violation', what, count: 1 },
    ]);
    expect(world.reports[0]?.stack).toContain('linux-exceptions.test.ts');
    expect(world.eventsOf('linuxContractViolated')).toMatchObject([{ note: what }]);
  });

  test.each(ROWS)('stops the VF when that is fatal, and leaves nothing: $routine', async (row) => {
    const { world, guest } = await lived(row.driver, { verifier: 'fatal' });
    const { code } = CLOSE_CODES.verifierStopped;
    const reason = expect.stringContaining(
      `Linux VF driver g1/0 broke ${(row.rule ?? EXCEPTION).id}`,
    );
    expect(guest.link.host.closed).toEqual({ code, reason });
    expect(guest.phases.at(-1)).toBe('g1/0 ended');
    await world.end();
  });

  test('is no exception when the driver catches it', async () => {
    const driver = probing((kernel) => {
      kernel.clock.setTimer(5, () => {
        try {
          thrown();
        } catch {
          // Its own business.
        }
      });
    });
    const { world, end } = await lived(driver, { verifier: 'fatal' });
    expect([world.reports, end?.how]).toEqual([[], 'stopped']);
  });
});

describe('a native Linux driver that throws when it is gone', () => {
  test('is reported, and nobody waits for it any more', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, breaks: 'any', verifier: 'fatal' });
    const module = defineLinuxVfDriver((kernel) => ({
      probe: () => {
        kernel.clock.setTimer(60_000, thrown);
        return 0;
      },
      remove: () => {},
    }));
    const guest = await world.attachGuest(module, { profile: 'linux' });
    await guest.os.stop();
    await world.clock.advance(60_000);
    expect(world.reports).toMatchObject([{ id: EXCEPTION.id, what: of('a timer') }]);
    expect(world.clock.timers).toBe(0);
  });
});
