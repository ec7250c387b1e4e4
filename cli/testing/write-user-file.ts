import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '#shared/message-of.ts';
import { callerPath } from '../caller-path.ts';
import { CommandFailure } from '../failure.ts';

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
