import { relative, resolve, sep } from 'node:path';
import type { HopName } from '#shared/trace/hops.ts';
import { statusName } from '#test/kit/check/describe-event.ts';
import type { FaultRule } from '#test/kit/faults/fault.ts';
import { OID_HOPS } from '#test/kit/faults/verbs.ts';
import type { RunOptions } from '#test/kit/scenario/run-scenario.ts';
import type { LoadedScenario } from './scenario-file.ts';

/**
 * The text of a test that repeats a run, and fails as long as it breaks a rule.
 *
 * @param folder where the test is to be
 */
export function testFileText(
  title: string,
  { path, drivers }: Pick<LoadedScenario, 'path' | 'drivers'>,
  folder: string,
  options: RunOptions,
): string {
  const given = Object.entries(drivers).map(([side, driver]) => `${side}: ${code(driver, folder)}`);
  const scenario = given.length === 0 ? 'scenario' : `{ ...scenario, ${given.join(', ')} }`;
  return `import { assertHolds, runScenario } from 'sriov-backchannel/testing';
import { test } from 'vitest';
import scenario from ${JSON.stringify(specifier(path, folder))};

test(${JSON.stringify(title)}, async () => {
  const options = ${scheduleCode(options)} as const;
  assertHolds(await runScenario(${scenario}, options));
});
`;
}

/** Options as code, beneath a line that is indented by two spaces: each status as documents have it. */
function scheduleCode({ faults = [], ...others }: RunOptions): string {
  const members = Object.entries(others).map(([name, value]) => `${name}: ${json(value, 4)}`);
  const rules = faults.map((rule) => `      ${withStatuses(json(rule, 6), rule)},\n`);
  const all = [...members, rules.length === 0 ? 'faults: []' : `faults: [\n${rules.join('')}    ]`];
  return `{\n${all.map((member) => `    ${member},\n`).join('')}  }`;
}

function json(value: unknown, indent: number): string {
  return JSON.stringify(value, undefined, 2)
    .split('\n')
    .join(`\n${' '.repeat(indent)}`);
}

function withStatuses(text: string, { when: { hop } }: FaultRule): string {
  return text.replace(/"status": (\d+)(,?)/g, (_all, status: string, comma: string) => {
    const value = Number(status);
    const hex = value.toString(16).toUpperCase().padStart(8, '0');
    return `"status": 0x${hex}${comma} // ${statusName(isOid(hop) ? 'pfMiniportOidRequestComplete' : hop, value)}`;
  });
}

/** Where NDIS calls a miniport with an OID request, which has an NDIS_STATUS when it is answered. */
function isOid(hop: HopName | undefined): boolean {
  return hop !== undefined && OID_HOPS.includes(hop);
}

/** A driver that was given on the command line, as the test's code has it. */
function code({ name, isFile }: LoadedScenario['drivers'][string], folder: string): string {
  if (!isFile) return JSON.stringify(name);
  return `new URL(${JSON.stringify(specifier(resolve(name), folder))}, import.meta.url)`;
}

function specifier(path: string, folder: string): string {
  const way = relative(folder, path).split(sep).join('/');
  return way.startsWith('.') ? way : `./${way}`;
}
