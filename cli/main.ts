import { Command, CommanderError } from 'commander';
import { packageVersion } from '#shared/package-info.ts';
import { registerBench } from './commands/bench.ts';
import { registerBlock } from './commands/block.ts';
import { registerDemo } from './commands/demo.ts';
import { registerGuest } from './commands/guest.ts';
import { registerHost } from './commands/host.ts';
import { registerInvalidate } from './commands/invalidate.ts';
import { registerSchema } from './commands/schema.ts';
import { registerStart } from './commands/start.ts';
import { registerTrace } from './commands/trace.ts';
import { registerVf } from './commands/vf.ts';
import { CommandFailure, EXIT, UsageError } from './failure.ts';

/** The `backchannel` command; sets the exit code and returns when its command is done. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await newProgram().parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** The command line with every command; a wrong use throws instead of ending the process. */
export function newProgram(): Command {
  const program = new Command('backchannel')
    .description('An emulator of the Hyper-V SR-IOV PF/VF backchannel')
    .version(packageVersion)
    .showHelpAfterError('(--help shows the flags and an example)')
    .configureHelp({ showGlobalOptions: true });
  const registrations = [
    registerStart,
    registerDemo,
    registerHost,
    registerGuest,
    registerVf,
    registerBlock,
    registerInvalidate,
    registerTrace,
    registerSchema,
    registerBench,
  ];
  for (const register of registrations) register(program);
  throwInsteadOfExit(program);
  return program;
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}

/** Failures that people can do something about are one line; anything else is a defect of ours. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const isForPeople = error instanceof CommandFailure || error instanceof UsageError;
  const text = isForPeople ? error.message : defect(error);
  process.stderr.write(`backchannel: ${text}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

function defect(error: unknown): string {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this is a defect of backchannel itself: ${details}`;
}
