import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

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
  return filesIn(directory)
    .filter((path) => TITLED.test(path))
    .sort();
}

/** Folders with a dot are those that a test has made, and may be gone by the time they are read. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.')) return [];
    if (!entry.isDirectory()) return [entry.name];
    return filesIn(join(folder, entry.name)).map((name) => posix.join(entry.name, name));
  });
}
