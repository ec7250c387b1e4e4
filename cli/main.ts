import { Command, CommanderError } from 'commander';
import { packageVersion } from '#shared/package-info.ts';
import { printableLines } from '#shared/text/printable.ts';
import { setBackgroundTimer } from '#shared/time/system.ts';
import { CommandFailure, EXIT, UsageError } from './failure.ts';
import { explainMisuse, isMisuse } from './misuse.ts';
import { rejectUnknownVariables } from './settings.ts';
import { tellStrayFailures } from './testing/stray-failures.ts';

/** What the process still has open when its command is done has this long to come to its end. */
const END_GRACE_MS = 1_000;

/** The `backchannel` command: runs it, sets the exit code and sees to it that the process ends. */
export async function main(argv: readonly string[]): Promise<void> {
  if (JUDGES.has(argv[2] ?? '')) tellStrayFailures();
  try {
    await (await newProgram(argv[2])).parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
  if (process.connected) process.disconnect();
  // A miniport may have left timers and sockets of its own behind, which nobody else can close.
  setBackgroundTimer(END_GRACE_MS, () => process.exit());
}

/** Commands whose exit code says what became of the rules. */
const JUDGES: ReadonlySet<string> = new Set(['check', 'sweep', 'explore']);

type Register = (program: Command) => void;

/** Every command, by name; its code is loaded when it is needed. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  start: async () => (await import('./commands/start.ts')).registerStart,
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
  host: async () => (await import('./commands/host.ts')).registerHost,
  guest: async () => (await import('./commands/guest.ts')).registerGuest,
  pf: async () => (await import('./commands/pf.ts')).registerPf,
  vf: async () => (await import('./commands/vf.ts')).registerVf,
  block: async () => (await import('./commands/block.ts')).registerBlock,
  invalidate: async () => (await import('./commands/invalidate.ts')).registerInvalidate,
  suspend: async () => (await import('./commands/power.ts')).registerSuspend,
  resume: async () => (await import('./commands/power.ts')).registerResume,
  trace: async () => (await import('./commands/trace.ts')).registerTrace,
  schema: async () => (await import('./commands/schema.ts')).registerSchema,
  states: async () => (await import('./commands/states.ts')).registerStates,
  check: async () => (await import('./commands/check.ts')).registerCheck,
  sweep: async () => (await import('./commands/sweep.ts')).registerSweep,
  explore: async () => (await import('./commands/explore.ts')).registerExplore,
  museum: async () => (await import('./commands/museum.ts')).registerMuseum,
  bench: async () => (await import('./commands/bench.ts')).registerBench,
};

/**
 * The command line; a wrong use throws instead of ending the process.
 *
 * @param name the one command that is wanted; every command when it is the name of none
 */
export async function newProgram(name = ''): Promise<Command> {
  const program = new Command('backchannel')
    .description('An emulator of the Hyper-V SR-IOV PF/VF backchannel')
    .version(packageVersion)
    // A command and its subcommands may have flags of one name.
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .hook('preAction', () => rejectUnknownVariables(process.env));
  const wanted = Object.hasOwn(COMMANDS, name) ? [name] : Object.keys(COMMANDS);
  for (const each of wanted) (await COMMANDS[each]?.())?.(program);
  throwInsteadOfExit(program);
  return program;
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride((error) => {
    throw isMisuse(error) ? new UsageError(explainMisuse(command, error)) : error;
  });
  for (const child of command.commands) throwInsteadOfExit(child);
}

/**
 * Failures that people can do something about are one line; anything else is a defect of ours. Either
 * may repeat what a peer, a file or a plug-in said.
 */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const isForPeople = error instanceof CommandFailure || error instanceof UsageError;
  const text = isForPeople ? error.message : defect(error);
  process.stderr.write(`backchannel: ${printableLines(text)}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

function defect(error: unknown): string {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this is a defect of backchannel itself: ${details}`;
}
