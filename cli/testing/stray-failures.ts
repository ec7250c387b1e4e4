import { messageOf } from '#shared/message-of.ts';
import { EXIT } from '../failure.ts';

/**
 * What a scenario or a driver throws from a timer or a promise of its own, where nobody catches it, is no
 * rule that was violated: exit code 2, unless one was.
 */
export function tellStrayFailures(): void {
  process.on('unhandledRejection', tell);
  process.on('uncaughtException', (error) => {
    tell(error);
    process.exit();
  });
}

function tell(error: unknown): void {
  if (process.exitCode !== EXIT.failed) process.exitCode = EXIT.usage;
  const text = `an error that nobody caught, in the scenario or a driver: ${messageOf(error)}`;
  process.stderr.write(`backchannel: ${text}\n`);
}
