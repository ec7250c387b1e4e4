import { open, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '#shared/message-of.ts';
import { callerPath } from '../caller-path.ts';
import { CommandFailure, UsageError } from '../failure.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Writes a file that the user named. Returns its path. @throws CommandFailure */
export function writeUserFile(file: string, text: string, env: Env): Promise<string> {
  return written(file, text, env, 'w');
}

/** Writes a file that is not there yet. Returns its path. @throws CommandFailure */
export function writeNewFile(file: string, text: string, env: Env): Promise<string> {
  return written(file, text, env, 'wx');
}

async function written(file: string, text: string, env: Env, flag: 'w' | 'wx'): Promise<string> {
  const path = resolve(callerPath(file, env));
  try {
    await writeFile(path, text, { flag });
  } catch (error) {
    throw new CommandFailure(`${file} could not be written: ${messageOf(error)}`);
  }
  return path;
}

/** Whether there is a file, or anything else, at a path. */
export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/**
 * Looks whether a file can be written that the user named, before the work whose result it is to have.
 *
 * @param flag where it was named
 * @throws UsageError
 */
export async function demandWritable(flag: string, file: string, env: Env): Promise<void> {
  try {
    await (await open(resolve(callerPath(file, env)), 'a')).close();
  } catch (error) {
    throw new UsageError(`${flag}: ${file} could not be written: ${messageOf(error)}`);
  }
}
