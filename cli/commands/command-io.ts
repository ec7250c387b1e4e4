import type { Writable } from 'node:stream';
import { shutdownRequested } from '../processes/supervision.ts';

/** What a command reads and writes: the process's own, or a test's. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Writable & {
    readonly columns?: number | undefined;
    readonly isTTY?: boolean | undefined;
  };
  /** Where long work says how far it has come. */
  readonly stderr: Writable;
  /** Resolves when the user wants the command to end. */
  readonly interrupted: () => Promise<void>;
}

export const processIo: CommandIo = {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: shutdownRequested,
};

/**
 * Writes text, and waits until it has been taken. False when nobody takes it any more: a pipe into
 * `head` ends that way, and it is no failure.
 */
export function print({ stdout }: CommandIo, text: string): Promise<boolean> {
  if (!stdout.listeners('error').includes(ignore)) stdout.on('error', ignore);
  return new Promise((resolve) => {
    stdout.write(text, (error) => resolve(error === undefined || error === null));
  });
}

/** The callback of the write has told already. */
function ignore(): void {}
