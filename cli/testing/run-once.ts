import { FaultRuleError } from '#test/kit/faults/fault-rule-error.ts';
import { MisuseError } from '#test/kit/misuse-error.ts';
import { ProcessWorldError } from '#test/kit/processes/process-world-error.ts';
import { UsageError } from '../failure.ts';

/**
 * Runs a scenario under a schedule that the user gave.
 *
 * @param given where the schedule was given, for messages: `--schedule`
 * @throws UsageError for a fault that is not possible where it is meant to be, and for a scenario that
 *   cannot run between processes
 */
export async function runOnce<T>(run: () => Promise<T>, given: string): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof FaultRuleError) throw new UsageError(`${given}: ${error.message}`);
    if (error instanceof MisuseError) throw new UsageError(error.message);
    if (error instanceof ProcessWorldError) throw new UsageError(error.message);
    throw error;
  }
}
