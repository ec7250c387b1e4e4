import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders whose code is the project's own or somebody else's package, never the author's. */
const OURS = ['cli', 'guest', 'host', 'shared', 'node_modules'].map(
  (folder) => fileURLToPath(new URL(`../${folder}`, import.meta.url)) + sep,
);

/** A line of a stack: at its end a path or a file URL, its line and its column. */
const PLACE = /^at (?:.*? \()?(?:async )?((?:file:\/\/|[A-Za-z]:[\\/]|\/).*?):(\d+):(\d+)\)?$/;

/**
 * Where in its author's own files an error was thrown: `my-pf.ts:12:5`, relative to `folder` when it
 * lies inside. Undefined when the whole stack is the project's, Node's or a package's.
 */
export function authorsFrame(stack: string, folder = process.cwd()): string | undefined {
  for (const line of stack.split('\n')) {
    const [, file, row, column] = PLACE.exec(line.trim()) ?? [];
    const path = file === undefined ? undefined : pathOf(file);
    if (path === undefined || isForeign(path)) continue;
    const near = relative(folder, path);
    return `${near.startsWith('..') ? path : near}:${row}:${column}`;
  }
  return undefined;
}

/** The path of a file; undefined for a URL that names none. */
function pathOf(file: string): string | undefined {
  const [bare = file] = file.split('?');
  try {
    return bare.startsWith('file:') ? fileURLToPath(bare) : resolve(bare);
  } catch {
    return undefined;
  }
}

function isForeign(path: string): boolean {
  return (
    path.includes(`${sep}node_modules${sep}`) || OURS.some((folder) => path.startsWith(folder))
  );
}
