import type { Command } from 'commander';
import { systemClock } from '#shared/time/system.ts';
import { runDemo } from '../demo/run-demo.ts';
import { CommandFailure } from '../failure.ts';
import { jsonText } from '../text/json-text.ts';

const EXAMPLES = `
Examples:
  backchannel demo
  backchannel demo --json`;

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'a scripted tour of both processes on free ports, which checks every step from both sides',
    )
    .option('--json', 'print only the result, as JSON')
    .addHelpText('after', EXAMPLES)
    .action(demo);
}

async function demo(flags: { readonly json?: boolean }): Promise<void> {
  const quiet = flags.json === true;
  try {
    const summary = await runDemo(systemClock, quiet ? { write: () => {} } : process.stdout);
    const { checks, messages, seconds } = summary;
    const result = quiet
      ? jsonText({ ok: true, ...summary })
      : `\ndemo: ok, ${checks} checks, ${messages} messages, ${seconds.toFixed(1)} s`;
    process.stdout.write(`${result}\n`);
  } catch (error) {
    if (!quiet || !(error instanceof CommandFailure)) throw error;
    process.stdout.write(`${jsonText({ ok: false, failure: error.message })}\n`);
    process.exitCode = 1;
  }
}
