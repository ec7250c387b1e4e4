import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Where titles of tests are: the tests, and the suites that several of them run. */
const TITLED = /(?:^contract\/.*|\.test)\.ts$/;
const STRING = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`/g;
const CITATION = /(?<=[\s'"`])\[([a-z][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+)\]/g;

/** The ids that strings of a test's source cite: `'a read of 0 bytes fails [read.message]'`. */
export function citationsIn(source: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [string] of source.matchAll(STRING)) {
    for (const [, id = ''] of string.matchAll(CITATION)) ids.add(id);
  }
  return ids;
}

/** The files below a directory that cite each id, as sorted paths with `/`. */
export function citedBy(directory: string): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const path of testFiles(directory)) {
    for (const id of citationsIn(readFileSync(join(directory, path), 'utf8'))) {
      files.set(id, [...(files.get(id) ?? []), path]);
    }
  }
  return files;
}

function testFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => TITLED.test(path))
    .sort();
}
