import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GUEST_SETTINGS } from '#guest/settings.ts';
import { HOST_SETTINGS } from '#host/settings.ts';
import { messageOf } from '#shared/message-of.ts';
import type { Settings } from '#shared/settings/setting.ts';
import { CommandFailure } from '../failure.ts';
import { resolveSettings } from '../settings.ts';

const EXAMPLE_CONFIG = fileURLToPath(new URL('../../docs/nic.example.json', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../../docs/nic.schema.json', import.meta.url));

const { listen, port, controlPort, stateDir, nicConfig } = HOST_SETTINGS;
const { pfMiniport, pfConfig, numVfs, maskOnReset, writeSizeQuirk } = HOST_SETTINGS;
const { vfs, vfMiniport, vfConfig } = GUEST_SETTINGS;

/** The settings of the host process that `start` has flags for. */
export const HOST_FLAGS = {
  listen,
  port,
  controlPort,
  stateDir,
  nicConfig,
  pfMiniport,
  pfConfig,
  numVfs,
  maskOnReset,
  writeSizeQuirk,
};

/** The settings of the guest process that `start` has flags for. */
export const GUEST_FLAGS = { vfs, vfMiniport, vfConfig };

/** The name of the guest that `start` runs. */
export const GUEST_NAME = 'g1';

/** What the two processes of `start` are run with. */
export interface StartPlan {
  readonly hostArgs: readonly string[];
  /** All but the address of the host, which is known once that listens. */
  readonly guestArgs: readonly string[];
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
  resolveSettings(GUEST_SETTINGS, { section: 'guest', flags, env });
  const hostArgs = ['host', ...flagsOf(flags, HOST_FLAGS)];
  const guestArgs = ['guest', '--name', GUEST_NAME, '--state-dir', host.stateDir];
  guestArgs.push(...flagsOf(flags, GUEST_FLAGS));
  if (host.nicConfig !== undefined || host.pfMiniport !== 'reference') {
    return { hostArgs, guestArgs, nicConfig: host.nicConfig };
  }
  const prepared = prepareNicConfig(host.stateDir);
  return { hostArgs: [...hostArgs, '--nic-config', prepared], guestArgs, nicConfig: prepared };
}

/** The command line that says again what this one was given for these settings. */
function flagsOf(flags: Flags, table: Settings): string[] {
  const given: string[] = [];
  for (const [key, entry] of Object.entries(table)) {
    const value = flags[key];
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
