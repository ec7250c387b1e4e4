import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exhibit } from './exhibit.ts';

/**
 * Where the variants of an exhibit part: `test/museum/exhibits/…/background-reader.ts:32`, from the
 * folder that is the current one.
 *
 * @throws Error when the file has no such line, or several
 */
export async function placeOf({ id, story, where: { file, line } }: Exhibit): Promise<string> {
  const path = fileURLToPath(new URL(file, story));
  const lines = (await readFile(path, 'utf8')).split('\n');
  const [number, ...others] = lines.flatMap((text, index) =>
    text.includes(line) ? [index + 1] : [],
  );
  if (number === undefined || others.length > 0) {
    throw new Error(`${id}: ${file} has ${others.length + (number ? 1 : 0)} lines with ${line}`);
  }
  return `${relative('', path)}:${number}`;
}
