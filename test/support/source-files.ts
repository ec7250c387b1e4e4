import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The folders that hold TypeScript, each one side of an import rule. */
export const FOLDERS = ['shared', 'host', 'guest', 'cli', 'test'] as const;

/** A file of this repository, as the architecture rules look at it. */
export interface SourceFile {
  /** From the root, with forward slashes: `shared/time/clock.ts`. */
  readonly path: string;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  /** Without comments, and with every string empty. */
  readonly bare: string;
  /** What it imports: a path from the root for a file of this repository, else the package's name. */
  readonly imports: readonly string[];
}

export function sourceFile(path: string, text: string): SourceFile {
  const code = text.replaceAll(STRINGS_AND_COMMENTS, (_all, string?: string) => string ?? '');
  const bare = code.replaceAll(STRINGS, "''");
  return { path, text, code, bare, imports: importsOf(path, code) };
}

/** Every TypeScript file of {@link FOLDERS}. */
export function readSourceFiles(): readonly SourceFile[] {
  return FOLDERS.flatMap((folder) =>
    filesIn(join(ROOT, folder))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
      .map((path) => sourceFile(path, readFileSync(join(ROOT, path), 'utf8'))),
  );
}

const STRINGS = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const STRINGS_AND_COMMENTS = new RegExp(`(${STRINGS.source})|/\\*[\\s\\S]*?\\*/|//[^\\n]*`, 'g');
const IMPORTS =
  /\b(?:import|export)\s+(?:[\w$*{},\s]+?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

function importsOf(path: string, code: string): string[] {
  return [...code.matchAll(IMPORTS)].map(([, named, dynamic]) => {
    const specifier = named ?? dynamic ?? '';
    if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier);
    return specifier.startsWith('#') ? specifier.slice(1) : specifier;
  });
}

/** Folders with a dot are those that a test has made, and may be gone by the time they are read. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.')) return [];
    if (!entry.isDirectory()) return [entry.name];
    return filesIn(join(folder, entry.name)).map((name) => join(entry.name, name));
  });
}
