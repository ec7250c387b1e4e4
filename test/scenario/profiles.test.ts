import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { ALL_VERSIONS, versionName } from '#shared/wire/version.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { bytes } from '#test/support/hex.ts';
import {
  attachProfiled,
  PROFILED_DRIVERS,
  type ProfiledGuest,
  type ProfiledName,
} from '#test/support/profiled-guest.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

const NAMES = Object.keys(PROFILED_DRIVERS) as ProfiledName[];
const NEWEST_OF_LINUX = 0x00010004;

interface Bench extends ProfiledGuest {
  readonly world: World;
  readonly pf: RecordingPf;
}

async function newBench(
  name: ProfiledName,
  host: Partial<WorldOptions>,
  versions: readonly number[] = ALL_VERSIONS,
): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...host });
  return { world, pf, ...(await attachProfiled(world, name, { versions })) };
}

/** Expects that the VF runs, and that blocks are read, written and invalidated. */
async function expectAttached({ world, pf, guest, driver }: Bench, version: number): Promise<void> {
  expect(guest.phases.at(-1)).toBe('g1/0 running');
  expect(world.host.vfs).toMatchObject([{ state: 'running', protocolVersion: version }]);
  expect(await driver.current.read(5, 2)).toEqual(bytes('05 05'));
  expect(await driver.current.write(5, bytes('AA BB'))).toBe(0);
  expect(await driver.current.read(5, 2)).toEqual(bytes('AA BB'));
  pf.invalidate(0, 0x21n);
  for (let each = 0; each < 3; each++) await turn();
  expect(driver.current.masks).toEqual([0x21n]);
  await world.end();
  expect(guest.ends).toMatchObject([{ how: 'stopped' }]);
  expect(world.clock.timers).toBe(0);
}

/** Expects that the guest has left with close code 4003 and this reason. */
function expectRefused({ world, guest, driver }: Bench, reason: string): void {
  const details = { code: CLOSE_CODES.noCommonVersion.code, reason };
  expect(guest.link.guest.closed).toEqual(details);
  expect(guest.link.host.closed).toEqual(details);
  expect(guest.ends).toEqual([{ how: 'failed', reason: `${reason} (noCommonVersion)` }]);
  expect(() => driver.current).toThrow();
  expect(world.host.vfs).toEqual([]);
}

/** Why a guest that asks for one version does not come to terms with a host of one; else undefined. */
function refusalOf(name: ProfiledName, asks: number, accepts: number): string | undefined {
  const asked = versionName(asks);
  if (PROFILED_DRIVERS[name].profile === 'linux' && asks > NEWEST_OF_LINUX) {
    return `a Linux guest speaks VPCI 1.4 and older, and is to ask for ${asked}`;
  }
  return asks === accepts ? undefined : `the host accepts none of VPCI ${asked}`;
}

const PAIRS = NAMES.flatMap((name) =>
  ALL_VERSIONS.flatMap((asks) =>
    ALL_VERSIONS.map((accepts) => ({
      name,
      asks,
      accepts,
      guest: versionName(asks),
      host: versionName(accepts),
      outcome: refusalOf(name, asks, accepts) === undefined ? 'attaches' : 'is refused',
    })),
  ),
);

describe('every profile with every version on either side', () => {
  test('is a table of 108 pairs, of which 14 attach', () => {
    expect(PAIRS).toHaveLength(3 * 6 * 6);
    expect(PAIRS.filter(({ outcome }) => outcome === 'attaches')).toHaveLength(6 + 4 + 4);
  });

  test.each(PAIRS)(
    '$name of version $guest $outcome at a host of version $host [linux.versions]',
    async ({ name, asks, accepts }) => {
      const bench = await newBench(name, { versions: [accepts] }, [asks]);
      const reason = refusalOf(name, asks, accepts);
      if (reason === undefined) await expectAttached(bench, accepts);
      else expectRefused(bench, reason);
    },
  );

  test.each(
    NAMES.flatMap((name) =>
      ALL_VERSIONS.map((accepts) => [name, versionName(accepts), accepts] as const),
    ),
  )(
    '%s of every version comes to terms with a host of %s, as far as it speaks that',
    async (name, _version, accepts) => {
      const bench = await newBench(name, { versions: [accepts] });
      const isLinux = PROFILED_DRIVERS[name].profile === 'linux';
      if (!isLinux || accepts <= NEWEST_OF_LINUX) await expectAttached(bench, accepts);
      else expectRefused(bench, 'the host accepts none of VPCI 1.4, 1.3, 1.2, 1.1');
    },
  );

  test.each(NAMES)(
    '%s agrees with a host of every version on the newest that both speak',
    async (name) => {
      const isLinux = PROFILED_DRIVERS[name].profile === 'linux';
      await expectAttached(await newBench(name, {}), isLinux ? NEWEST_OF_LINUX : 0x00010006);
    },
  );
});

describe('a host that wants padded writes, as some of 2018', () => {
  test('fails each write of a Windows guest, whose reads and invalidations go on [linux.host-of-2018]', async () => {
    const bench = await newBench('a Windows guest', { writeSizeQuirk: '2018' });
    const { world, pf, driver } = bench;
    expect(await driver.current.write(5, bytes('AA'))).toBe(NDIS_STATUS.NDIS_STATUS_FAILURE);
    const completions = world
      .eventsOf('hostCompletionReceived')
      .filter(({ name }) => name === 'WRITE_BLOCK');
    expect(completions).toMatchObject([{ status: NTSTATUS.STATUS_BAD_DATA }]);
    expect(pf.oids).not.toContain('OID_SRIOV_WRITE_VF_CONFIG_BLOCK');
    expect(await driver.current.read(5, 1)).toEqual(bytes('05'));
    pf.invalidate(0, 1n);
    await turn();
    expect(driver.current.masks).toEqual([1n]);
  });

  test.each(['a Linux guest', 'a Linux guest with a VF miniport'] as const)(
    'serves %s as any host does [linux.host-of-2018] [linux.write-padding]',
    async (name) => {
      await expectAttached(await newBench(name, { writeSizeQuirk: '2018' }), NEWEST_OF_LINUX);
    },
  );
});
