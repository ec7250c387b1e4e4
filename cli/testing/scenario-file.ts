import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '#shared/message-of.ts';
import { rememberFile } from '#test/kit/scenario/driver-place.ts';
import { loadDrivers } from '#test/kit/scenario/load-drivers.ts';
import type { Scenario } from '#test/kit/scenario/scenario.ts';
import { callerPath } from '../caller-path.ts';
import { UsageError } from '../failure.ts';

/** The drivers that the command line gives instead of the scenario's own. */
export interface DriverFlags {
  readonly pfMiniport?: string;
  readonly vfMiniport?: string;
}

/** A driver that the command line gave: a built-in one, or a file. */
interface GivenDriver {
  readonly name: string;
  readonly isFile: boolean;
}

/** A scenario, and the file that it was loaded from. */
export interface LoadedScenario {
  readonly path: string;
  /** The drivers that stand in for the scenario's own, under `pf` and `vf`. */
  readonly drivers: Readonly<Record<string, GivenDriver>>;
  readonly scenario: Scenario;
}

/**
 * The scenario that a file exports as its default, whose drivers can be loaded.
 *
 * @throws UsageError that names the file and what was expected of it
 */
export async function loadScenario(
  file: string,
  { pfMiniport, vfMiniport }: DriverFlags,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadedScenario> {
  const path = resolve(callerPath(file, env));
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new UsageError(`${file}: there is no such file (${path})`);
  const exported = await importDefault(path);
  if (!isScenario(exported)) {
    throw new UsageError(
      `${path} exports no scenario; expected: export default defineScenario({ name, pf, vf, run })`,
    );
  }
  rememberFile(exported, pathToFileURL(path).href);
  const pf = pfMiniport === undefined ? exported.pf : callerPath(pfMiniport, env);
  const vf = vfMiniport === undefined ? exported.vf : callerPath(vfMiniport, env);
  const scenario = { ...exported, pf, vf };
  await checkDrivers(scenario);
  const drivers = {
    ...(pfMiniport === undefined ? {} : { pf: await givenDriver(callerPath(pfMiniport, env)) }),
    ...(vfMiniport === undefined ? {} : { vf: await givenDriver(callerPath(vfMiniport, env)) }),
  };
  return { path, scenario, drivers };
}

/** The drivers that the command line gave as a trace file has them, which may be read anywhere. */
export function placesOf(
  drivers: LoadedScenario['drivers'],
): Readonly<Partial<Record<'pf' | 'vf', string>>> {
  const places = Object.entries(drivers).map(([side, { name, isFile }]) => [
    side,
    isFile ? resolve(name) : name,
  ]);
  return Object.fromEntries(places);
}

/** A driver that cannot be loaded is found before the first run. */
async function checkDrivers(scenario: Scenario): Promise<void> {
  try {
    await loadDrivers(scenario);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

async function givenDriver(name: string): Promise<GivenDriver> {
  const found = await stat(name).catch(() => undefined);
  return { name, isFile: found?.isFile() === true };
}

async function importDefault(path: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    throw new UsageError(`${path} could not be loaded: ${messageOf(error)}`);
  }
}

/** Whether a file exported what `defineScenario` takes; its drivers are judged when they are loaded. */
function isScenario(value: unknown): value is Scenario {
  if (typeof value !== 'object' || value === null) return false;
  const { name, run, pf, vf } = value as Partial<Record<keyof Scenario, unknown>>;
  return (
    typeof name === 'string' && typeof run === 'function' && pf !== undefined && vf !== undefined
  );
}
