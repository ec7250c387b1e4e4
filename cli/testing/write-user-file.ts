import { open, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '#shared/message-of.ts';
import { callerPath } from '../caller-path.ts';
import { CommandFailure, UsageError } from '../failure.ts';

/** Writes a file that the user named. Returns its path. @throws CommandFailure */
export async function writeUserFile(
  file: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const path = resolve(callerPath(file, env));
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new CommandFailure(`${file} could not be written: ${messageOf(error)}`);
  }
  return path;
}

/**
 * Looks whether a file can be written that the user named, before the work whose result it is to have.
 *
 * @param flag where it was named
 * @throws UsageError
 */
export async function demandWritable(
  flag: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  try {
    await (await open(resolve(callerPath(file, env)), 'a')).close();
  } catch (error) {
    throw new UsageError(`${flag}: ${file} could not be written: ${messageOf(error)}`);
  }
}
