import { type Difference, firstDifference } from '../trace-file/first-difference.ts';
import { type RunOptions, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/** Runs a scenario twice. Returns where the two runs part; undefined when they are the same. */
export async function verifyRepeatable(
  scenario: Scenario,
  options: Omit<RunOptions, 'world'> = {},
): Promise<Difference | undefined> {
  const first = await runScenario(scenario, options);
  const second = await runScenario(scenario, options);
  return firstDifference(first.events, second.events);
}
