import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { GUEST_SETTINGS } from '#guest/settings.ts';
import { HOST_SETTINGS } from '#host/settings.ts';
import { messageOf } from '#shared/message-of.ts';
import {
  type Setting,
  type Settings,
  type SettingsOf,
  VARIABLE_PREFIX,
  variableOf,
} from '#shared/settings/setting.ts';
import { callerPath } from './caller-path.ts';
import { UsageError } from './failure.ts';

/** The file that is read when `--config` names none. */
export const DEFAULT_CONFIG_FILE = 'backchannel.json';

/** Variables of the command itself, beside those of the two processes. */
const OTHER_VARIABLES = ['BACKCHANNEL_CONTROL', 'BACKCHANNEL_CONTROL_TOKEN_FILE'];

/** Where a value comes from: the section of the file, and what the command line gave. */
export interface Sources {
  readonly section: 'host' | 'guest';
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Gives a command the flags of a table of settings, and `--config`. */
export function addSettings(command: Command, table: Settings): Command {
  for (const [key, entry] of Object.entries(table)) {
    command.addOption(new Option(entry.flag, `${entry.about} [${variableOf(key)}]${shown(entry)}`));
  }
  return command.option(
    '--config <file>',
    `settings as JSON (default: ${DEFAULT_CONFIG_FILE}, if it is there)`,
  );
}

function shown({ fallback }: Setting): string {
  const isWorthShowing = typeof fallback === 'string' || typeof fallback === 'number';
  return isWorthShowing ? ` (default: ${fallback})` : '';
}

/**
 * The values of a table of settings: flags over environment over file over fallback. What is unknown
 * or wrong is a {@link UsageError} that names it and says what is expected.
 */
export function resolveSettings<T extends Settings>(table: T, sources: Sources): SettingsOf<T> {
  const { flags, env, section } = sources;
  const config = flags['config'];
  const chosen = typeof config === 'string' ? callerPath(config, env) : undefined;
  const file = readSection(chosen, section);
  for (const key of Object.keys(file.values)) {
    if (!Object.hasOwn(table, key)) {
      throw new UsageError(
        `${file.path}: ${section}.${key} is no setting; there are: ${Object.keys(table).join(', ')}`,
      );
    }
  }
  const values: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(table)) {
    values[key] = resolve(key, entry, flags, env, file);
  }
  // Each value has passed the schema of its own entry.
  return values as SettingsOf<T>;
}

interface FileSection {
  readonly path: string;
  readonly section: Sources['section'];
  readonly values: Readonly<Record<string, unknown>>;
}

function resolve(
  key: string,
  entry: Setting,
  flags: Sources['flags'],
  env: Sources['env'],
  file: FileSection,
): unknown {
  const variable = variableOf(key);
  // Commander gives a --no-… flag the value true when it is absent; only false was said.
  const said = flags[attributeOf(entry)];
  const flag = entry.flag.startsWith('--no-') && said === true ? undefined : said;
  if (flag !== undefined) return check(entry, asMeant(entry, flag, env), entry.flag);
  const fromEnv = env[variable];
  if (fromEnv !== undefined && fromEnv !== '')
    return check(entry, asMeant(entry, splitList(entry, fromEnv), env), variable);
  if (Object.hasOwn(file.values, key))
    return checkInFile(entry, file.values[key], `${file.path}: ${file.section}.${key}`);
  return check(entry, entry.fallback, entry.flag);
}

/** Under which name commander gives what a flag was given. */
export function attributeOf({ flag }: Setting): string {
  return new Option(flag).attributeName();
}

/** A path is seen from the folder of whoever typed it; a driver that is built in has a name. */
function asMeant(entry: Setting, value: unknown, env: Sources['env']): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => asMeant(entry, each, env));
  if (typeof value !== 'string' || value === '') return value;
  if (/<(?:file|folder)>/.test(entry.flag)) return callerPath(value, env);
  if (entry.flag.includes('<driver>')) return driverPath(value, env);
  const driver = entry.flag.includes('=DRIVER') ? value.indexOf('=') + 1 : 0;
  return driver === 0 ? value : value.slice(0, driver) + driverPath(value.slice(driver), env);
}

function driverPath(value: string, env: Sources['env']): string {
  return /[./\\]/.test(value) ? callerPath(value, env) : value;
}

/** A variable holds one text; where the flag may be repeated, commas separate its values. */
function splitList(entry: Setting, value: string): unknown {
  return entry.flag.includes('...') ? value.split(',') : value;
}

function check(entry: Setting, value: unknown, where: string): unknown {
  return checked(entry, value, () => where);
}

/** A value of the file may be made of others, of which the wrong one is named. */
function checkInFile(entry: Setting, value: unknown, where: string): unknown {
  return checked(entry, value, (path) => where + z.core.toDotPath(path).replace(/^(?=\w)/, '.'));
}

function checked(
  entry: Setting,
  value: unknown,
  where: (path: readonly PropertyKey[]) => string,
): unknown {
  const parsed = entry.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path = [], message = 'not valid' } = parsed.error.issues[0] ?? {};
  const wrong = JSON.stringify(path.reduce(memberOf, value));
  throw new UsageError(`${where(path)}: ${wrong} is not valid: ${message}`);
}

/** The member of an object; what is no object is its own. */
function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : value;
}

/** @throws UsageError when a variable looks like a setting and is none */
export function rejectUnknownVariables(env: Sources['env']): void {
  const keys = [...Object.keys(HOST_SETTINGS), ...Object.keys(GUEST_SETTINGS)];
  const known = new Set([...keys.map(variableOf), ...OTHER_VARIABLES]);
  const unknown = Object.keys(env).find(
    (name) => name.startsWith(VARIABLE_PREFIX) && !known.has(name),
  );
  if (unknown === undefined) return;
  throw new UsageError(`${unknown} is no setting; there are: ${[...known].sort().join(', ')}`);
}

const SECTIONS = ['host', 'guest'] as const;

/** Keys of the file that say nothing of a setting: editors find the file's schema there. */
const OTHER_KEYS = ['$schema'];

const jsonObject = z.record(z.string(), z.unknown());

function readSection(path: string | undefined, section: Sources['section']): FileSection {
  const chosen = path ?? DEFAULT_CONFIG_FILE;
  const text = readText(chosen, path !== undefined);
  const file = text === undefined ? {} : objectOf(parseJson(chosen, text), chosen);
  const known = [...SECTIONS, ...OTHER_KEYS];
  const unknown = Object.keys(file).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new UsageError(`${chosen}: ${unknown} is no section; there are: ${SECTIONS.join(', ')}`);
  }
  const values = objectOf(file[section] ?? {}, `${chosen}: ${section}`);
  return { path: chosen, section, values };
}

function objectOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  const parsed = jsonObject.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${where}: expected an object, as in {"host": {"numVfs": 8}}`);
}

function readText(path: string, mustExist: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing && !mustExist) return undefined;
    const why = missing ? 'there is no such file' : messageOf(error);
    throw new UsageError(`${path}: ${why}; expected a file with settings as JSON`);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${messageOf(error)}`);
  }
}
