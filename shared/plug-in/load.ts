import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../ndis/violation-report.ts';

/** A plug-in that cannot be loaded, in a sentence that names its file and what was expected. */
export class PlugInError extends Error {
  override readonly name = 'PlugInError';
}

export interface PlugInKind<F> {
  /** What is loaded, for messages: `PF miniport`. */
  readonly what: string;
  /** How a file makes one, for messages: `definePfMiniport`. */
  readonly define: string;
  /** The drivers that come with the project, by name. */
  readonly builtIn: Readonly<Record<string, () => Promise<{ readonly default: F }>>>;
}

/**
 * The default export of a driver's file, or a driver that comes with the project.
 *
 * @throws {@link PlugInError}
 */
export async function loadPlugIn<F extends (adapter: never) => unknown>(
  kind: PlugInKind<F>,
  name: string,
): Promise<F> {
  const builtIn = kind.builtIn[name];
  if (builtIn !== undefined) return (await builtIn()).default;
  const path = resolve(name);
  await checkFile(kind, name, path);
  const exported = await importDefault(kind, path);
  if (typeof exported === 'function') return exported as F;
  const found =
    exported === undefined ? 'no default export' : `a default export of type ${typeof exported}`;
  throw new PlugInError(
    `${path} has ${found}; expected: export default ${kind.define}((adapter) => …)`,
  );
}

async function checkFile(kind: PlugInKind<unknown>, name: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return;
  const names = Object.keys(kind.builtIn).join(', ');
  const what = found === undefined ? 'there is no such file' : 'that is not a file';
  throw new PlugInError(
    `${kind.what} ${name}: ${what} (${path}), and the built-in ones are: ${names}`,
  );
}

/** A file may be CommonJS, whose exports arrive as the default of the module's default. */
async function importDefault(kind: PlugInKind<unknown>, path: string): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new PlugInError(`${kind.what} ${path} could not be loaded: ${messageOf(error)}`);
  }
  const exported = module.default;
  const isWrapped = typeof exported === 'object' && exported !== null && 'default' in exported;
  return isWrapped ? exported.default : exported;
}
