import { Writable } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { registerBlock } from '#cli/commands/block.ts';
import { registerCheck } from '#cli/commands/check.ts';
import type { CommandIo } from '#cli/commands/command-io.ts';
import { registerExplore } from '#cli/commands/explore.ts';
import { registerInvalidate } from '#cli/commands/invalidate.ts';
import { registerMuseum } from '#cli/commands/museum.ts';
import { registerPf } from '#cli/commands/pf.ts';
import { registerResume, registerSuspend } from '#cli/commands/power.ts';
import { registerStates } from '#cli/commands/states.ts';
import { registerSweep } from '#cli/commands/sweep.ts';
import { registerTrace } from '#cli/commands/trace.ts';
import { registerVf } from '#cli/commands/vf.ts';
import { CommandFailure, EXIT, UsageError } from '#cli/failure.ts';

/** One run of a command inside the test's own process. */
export class CommandRun {
  stdout = '';
  /** What long work said of how far it has come. */
  progress = '';
  /** What is said to people when it fails. */
  message = '';
  readonly done: Promise<number>;
  readonly #env: CommandIo['env'];
  readonly #columns: number | undefined;
  #interrupt: (() => void) | undefined;

  constructor(args: readonly string[], env: CommandIo['env'], columns?: number) {
    this.#env = env;
    this.#columns = columns;
    this.done = this.#run(args);
  }

  /** Does what Ctrl-C does. */
  interrupt(): void {
    this.#interrupt?.();
  }

  /** Whether the command has come so far that it looks for Ctrl-C. */
  get isInterruptible(): boolean {
    return this.#interrupt !== undefined;
  }

  async #run(args: readonly string[]): Promise<number> {
    const before = process.exitCode;
    process.exitCode = undefined;
    try {
      await this.#program().parseAsync(['node', 'backchannel', ...args]);
      // What a command found is in the exit code of its process, which here is the test's.
      return Number(process.exitCode ?? EXIT.ok);
    } catch (error) {
      if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      if (!(error instanceof CommandFailure || error instanceof UsageError)) throw error;
      this.message = error.message;
      return error instanceof UsageError ? EXIT.usage : EXIT.failed;
    } finally {
      process.exitCode = before;
    }
  }

  #program(): Command {
    const program = new Command('backchannel').enablePositionalOptions();
    const io = this.#io();
    for (const register of [
      registerPf,
      registerVf,
      registerBlock,
      registerInvalidate,
      registerTrace,
      registerMuseum,
      registerStates,
      registerSuspend,
      registerResume,
      registerCheck,
      registerSweep,
      registerExplore,
    ]) {
      register(program, io);
    }
    this.#prepare(program);
    return program;
  }

  /** Nothing ends the process, and help and errors of use are captured. */
  #prepare(command: Command): void {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        this.stdout += text;
      },
      writeErr: (text) => {
        this.message += text;
      },
    });
    for (const child of command.commands) this.#prepare(child);
  }

  #io(): CommandIo {
    const stdout = new Writable({
      write: (chunk: Buffer, _encoding, callback) => {
        this.stdout += chunk.toString();
        callback();
      },
    });
    const stderr = new Writable({
      write: (chunk: Buffer, _encoding, callback) => {
        this.progress += chunk.toString();
        callback();
      },
    });
    const interrupted = (): Promise<void> =>
      new Promise((resolve) => {
        this.#interrupt = resolve;
      });
    const terminal = Object.assign(stdout, { columns: this.#columns });
    return { env: this.#env, stdout: terminal, stderr, interrupted };
  }
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly message: string;
}

/** Runs a command to its end, on a terminal that has so many columns, or on none. */
export async function runCommand(
  args: readonly string[],
  env: CommandIo['env'] = {},
  columns?: number,
): Promise<CommandResult> {
  const run = new CommandRun(args, env, columns);
  const code = await run.done;
  return { code, stdout: run.stdout, message: run.message };
}
