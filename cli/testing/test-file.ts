import { relative, resolve, sep } from 'node:path';
import type { RunOptions } from '#test/kit/scenario/run-scenario.ts';
import type { LoadedScenario } from './scenario-file.ts';

/**
 * The text of a test that repeats a run, and fails as long as it breaks a rule.
 *
 * @param folder where the test is to be
 */
export function testFileText(
  title: string,
  { path, drivers }: LoadedScenario,
  folder: string,
  options: RunOptions,
): string {
  const given = Object.entries(drivers).map(([side, driver]) => `${side}: ${code(driver, folder)}`);
  const scenario = given.length === 0 ? 'scenario' : `{ ...scenario, ${given.join(', ')} }`;
  const schedule = JSON.stringify(options, undefined, 2).split('\n').join('\n  ');
  return `import { assertHolds, runScenario } from 'sriov-backchannel/testing';
import { test } from 'vitest';
import scenario from ${JSON.stringify(specifier(path, folder))};

test(${JSON.stringify(title)}, async () => {
  const options = ${schedule} as const;
  assertHolds(await runScenario(${scenario}, options));
});
`;
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
