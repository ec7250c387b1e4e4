import { fileURLToPath } from 'node:url';
import type { Driver, Scenario } from './scenario.ts';

/** What a scenario has that runs in a process of its own. */
export type DriverMember = 'pf' | 'vf' | 'bus';

/**
 * Where another process finds a driver: under a name that `--pf-miniport` takes, or as a member of the
 * scenario that a file exports as its default.
 */
export type DriverPlace =
  | { readonly specifier: string }
  | { readonly file: string; readonly scenario: string; readonly member: DriverMember };

const MEMBERS = ['pf', 'vf', 'bus'] as const satisfies readonly DriverMember[];

/** Where the functions of scenarios that name their file are to be found. */
const places = new WeakMap<object, DriverPlace>();

/**
 * Remembers that a scenario is the default export of a file. A scenario that is made from it, with some
 * members replaced, still finds those that it kept.
 *
 * @param file as `import.meta.url` says
 */
export function rememberFile(scenario: Scenario, file: string | undefined): void {
  if (file === undefined) return;
  for (const member of MEMBERS) {
    const driver = scenario[member];
    if (driver === undefined || typeof driver === 'string' || driver instanceof URL) continue;
    // A scenario that is made from another one has its file, too, and is not its default.
    if (!places.has(driver)) places.set(driver, { file, scenario: scenario.name, member });
  }
}

/** Where the driver is found that a scenario has under a member; a sentence when it is nowhere. */
export function placeOf(
  scenario: Scenario,
  member: DriverMember,
  driver: Driver<object>,
): DriverPlace | string {
  if (typeof driver === 'string') return { specifier: driver };
  if (driver instanceof URL) return { specifier: fileURLToPath(driver) };
  const place = places.get(driver);
  if (place !== undefined) return place;
  return `${member} of the scenario "${scenario.name}" is a function of this process, which no other process can be given: ${HINTS[member]}`;
}

const INSTEAD =
  'export the scenario as the default of a file of its own, with `file: import.meta.url`';
const HINTS: Readonly<Record<DriverMember, string>> = {
  pf: `name its file, as in \`pf: new URL('./my-pf.ts', import.meta.url)\`; or ${INSTEAD}`,
  vf: `name its file, as in \`vf: new URL('./my-vf.ts', import.meta.url)\`; or ${INSTEAD}`,
  bus: INSTEAD,
};
