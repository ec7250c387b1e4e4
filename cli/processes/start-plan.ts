import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuestProfile } from '#guest/guest-profile.ts';
import { GUEST_SETTINGS } from '#guest/settings.ts';
import { type PfSettings, pfsOf } from '#host/pf-settings.ts';
import { HOST_SETTINGS } from '#host/settings.ts';
import { messageOf } from '#shared/message-of.ts';
import type { Settings } from '#shared/settings/setting.ts';
import { CommandFailure } from '../failure.ts';
import { attributeOf, resolveSettings } from '../settings.ts';

const EXAMPLE_CONFIG = fileURLToPath(new URL('../../docs/nic.example.json', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../../docs/nic.schema.json', import.meta.url));

const { listen, port, controlPort, stateDir, nicConfig } = HOST_SETTINGS;
const { pfs, pfMiniport, pfConfig, numVfs, maskOnReset, writeSizeQuirk } = HOST_SETTINGS;
const { protocolVersion, verifier } = HOST_SETTINGS;
const { vfs, profile, vfMiniport, vfConfig, readPadding } = GUEST_SETTINGS;

/** The settings of the host process that `start` has flags for. */
export const HOST_FLAGS = {
  listen,
  port,
  controlPort,
  stateDir,
  nicConfig,
  pfs,
  pfMiniport,
  pfConfig,
  numVfs,
  maskOnReset,
  protocolVersion,
  writeSizeQuirk,
  verifier,
};

/** The settings of the guest processes that `start` has flags for. */
export const GUEST_FLAGS = {
  vfs,
  profile,
  vfMiniport,
  vfConfig,
  protocolVersion,
  readPadding,
  verifier,
};

/** The drivers that come as a pair: a VF miniport has the name of its PF miniport. */
const PAIRS: ReadonlySet<string> = new Set(['reference', 'hv-vhca', 'null']);

/** A guest process of `start`. */
export interface GuestPlan {
  readonly name: string;
  /** The PF of its VFs, when there are several. */
  readonly pf: string | undefined;
  /** All but the address of the host, which is known once that listens. */
  readonly args: readonly string[];
}

/** What the processes of `start` are run with. */
export interface StartPlan {
  readonly hostArgs: readonly string[];
  /** One for each PF. */
  readonly guests: readonly GuestPlan[];
  /** The operating system of the guests. */
  readonly profile: GuestProfile;
  readonly nicConfig: string | undefined;
}

type Flags = Readonly<Record<string, unknown>>;

/**
 * Every setting of either process is checked here, before one of them runs.
 *
 * @throws UsageError, or CommandFailure when the state folder cannot be used
 */
export function planStart(
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
): StartPlan {
  const host = resolveSettings(HOST_SETTINGS, { section: 'host', flags, env });
  // The flag --pf of `start` is the host's.
  const guest = resolveSettings(GUEST_SETTINGS, {
    section: 'guest',
    flags: { ...flags, pf: undefined },
    env,
  });
  const pfs = pfsOf(host);
  const hostArgs = ['host', ...flagsOf(flags, HOST_FLAGS)];
  const guestFlags = ['--state-dir', host.stateDir, ...flagsOf(flags, GUEST_FLAGS)];
  const guests = pfs.map((pf, index) => {
    const name = `g${index + 1}`;
    const args = ['guest', '--name', name, ...guestFlags];
    if (flags['vfMiniport'] === undefined) args.push(...counterpartOf(pf, guest.vfMiniport));
    if (pfs.length === 1) return { name, args, pf: undefined };
    return { name, args: [...args, '--pf', pf.name], pf: pf.name };
  });
  const plan = { hostArgs, guests, profile: guest.profile };
  if (pfs.every((pf) => pf.nicConfig !== undefined || pf.pfMiniport !== 'reference')) {
    return { ...plan, nicConfig: host.nicConfig };
  }
  const prepared = prepareNicConfig(host.stateDir);
  return { ...plan, hostArgs: [...hostArgs, '--nic-config', prepared], nicConfig: prepared };
}

/** The flag for the VF miniport that belongs to a PF's, unless another one is wanted. */
function counterpartOf({ pfMiniport: driver }: PfSettings, wanted: string): readonly string[] {
  const isWanted = wanted !== vfMiniport.fallback || driver === wanted;
  return isWanted || !PAIRS.has(driver) ? [] : ['--vf-miniport', driver];
}

/** The command line that says again what this one was given for these settings. */
function flagsOf(flags: Flags, table: Settings): string[] {
  const given: string[] = [];
  for (const entry of Object.values(table)) {
    const value = flags[attributeOf(entry)];
    const name = entry.flag.split(' ')[0] ?? '';
    if (Array.isArray(value)) given.push(name, ...value.map(String));
    else if (value !== undefined) given.push(name, String(value));
  }
  if (typeof flags['config'] === 'string') given.push('--config', flags['config']);
  return given;
}

/**
 * A NIC configuration to edit: without one there would be nothing to change and watch. Its schema is
 * put beside it, where `$schema` has an editor look for it.
 */
function prepareNicConfig(stateDirectory: string): string {
  const path = join(stateDirectory, 'nic.json');
  try {
    mkdirSync(stateDirectory, { recursive: true });
    if (!existsSync(path)) copyFileSync(EXAMPLE_CONFIG, path);
    copyFileSync(SCHEMA, join(stateDirectory, 'nic.schema.json'));
  } catch (error) {
    throw new CommandFailure(
      `the state folder ${stateDirectory} cannot be used: ${messageOf(error)}`,
    );
  }
  return path;
}
