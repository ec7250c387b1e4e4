import { relative, sep } from 'node:path';
import type { RunOptions } from '#test/kit/scenario/run-scenario.ts';

/** A test that repeats a run and fails as long as it breaks a rule. */
export function testFileText(
  title: string,
  scenarioPath: string,
  folder: string,
  options: RunOptions,
): string {
  const path = relative(folder, scenarioPath).split(sep).join('/');
  const specifier = path.startsWith('.') ? path : `./${path}`;
  const schedule = JSON.stringify(options, undefined, 2).split('\n').join('\n  ');
  return `import { expect, test } from 'vitest';
import { judge, runScenario } from 'sriov-backchannel/testing';
import scenario from ${JSON.stringify(specifier)};

test(${JSON.stringify(title)}, async () => {
  const options = ${schedule} as const;
  const result = await runScenario(scenario, options);
  expect(judge(result, options.faults).why).toEqual([]);
});
`;
}
