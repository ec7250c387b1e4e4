import { FaultRuleError } from '#test/kit/faults/fault-engine.ts';
import { type RunOptions, type RunResult, runScenario } from '#test/kit/scenario/run-scenario.ts';
import type { Scenario } from '#test/kit/scenario/scenario.ts';
import { UsageError } from '../failure.ts';

/**
 * Runs a scenario under a schedule that the user gave.
 *
 * @param given where the schedule was given, for messages: `--schedule`
 * @throws UsageError for a fault that is not possible where it is meant to be
 */
export async function runOnce(
  scenario: Scenario,
  options: RunOptions,
  given: string,
): Promise<RunResult> {
  try {
    return await runScenario(scenario, options);
  } catch (error) {
    if (error instanceof FaultRuleError) throw new UsageError(`${given}: ${error.message}`);
    throw error;
  }
}
