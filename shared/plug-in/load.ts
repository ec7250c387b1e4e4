import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../message-of.ts';
import { markedKind } from './kind-mark.ts';

/** A plug-in that cannot be used, in a sentence that names its file and what was expected. */
export class PlugInError extends Error {
  override readonly name = 'PlugInError';
}

/** Makes a plug-in; what a file exports. */
type Factory<A, P> = (adapter: A) => P;

export interface PlugInKind<A, P> {
  /** What is loaded, for messages: `PF miniport`. */
  readonly what: string;
  /** How a file makes one, for messages: `definePfMiniport`. */
  readonly define: string;
  /** The one function that a plug-in cannot do without. */
  readonly required: keyof P & string;
  /** The drivers that come with the project, by name. */
  readonly builtIn: Readonly<Record<string, () => Promise<{ readonly default: Factory<A, P> }>>>;
  /** Where the factory is in what a file exports; by default it is that itself. */
  readonly factoryOf?: (exported: unknown) => unknown;
}

/**
 * The default export of a driver's file, or a driver that comes with the project. The factory that
 * is returned throws a {@link PlugInError} when the file's own throws or makes no plug-in.
 *
 * @throws {@link PlugInError} when the file cannot be loaded or exports no function
 */
export async function loadPlugIn<A, P>(
  kind: PlugInKind<A, P>,
  name: string,
): Promise<Factory<A, P>> {
  const builtIn = Object.hasOwn(kind.builtIn, name) ? kind.builtIn[name] : undefined;
  if (builtIn !== undefined) return (await builtIn()).default;
  const path = resolve(name);
  await checkFile(kind, name, path);
  const exported = await importDefault(kind.what, path);
  if (isObject(exported)) checkKind(kind, path, exported);
  const { factoryOf = asItIs } = kind;
  const factory = attempt(path, () => factoryOf(exported));
  if (typeof factory === 'function') return (adapter) => make(kind, path, () => factory(adapter));
  const found =
    exported === undefined ? 'no default export' : `a default export of type ${typeof exported}`;
  throw new PlugInError(
    `${path} has ${found}; expected: export default ${kind.define}((adapter) => …)`,
  );
}

/** What the driver in a file says that it is; undefined when it says nothing, or cannot be loaded. */
export async function kindOfPlugIn(file: string): Promise<string | undefined> {
  try {
    const exported = await importDefault('driver', resolve(file));
    return isObject(exported) ? markedKind(exported) : undefined;
  } catch {
    return undefined;
  }
}

function asItIs(exported: unknown): unknown {
  return exported;
}

/** Whether something can carry a mark. */
function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}

/** Where each kind of driver belongs. */
const PLACES: ReadonlyMap<string, string> = new Map([
  ['PF miniport', '--pf-miniport'],
  ['VF miniport', '--vf-miniport'],
  ['Linux VF driver', '--vf-miniport of a guest with --profile linux'],
]);

/** The other side's driver would load, and fail at its first request. */
function checkKind<A, P>({ what }: PlugInKind<A, P>, path: string, factory: object): void {
  const marked = attempt(path, () => markedKind(factory));
  if (marked === undefined || marked === what) return;
  const place = PLACES.get(marked) ?? 'a version that knows it';
  throw new PlugInError(`${path}: this is a ${marked}: give it to ${place}, not as a ${what}`);
}

async function checkFile<A, P>(kind: PlugInKind<A, P>, name: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return;
  const names = Object.keys(kind.builtIn).join(', ');
  const what = found === undefined ? 'there is no such file' : 'that is not a file';
  throw new PlugInError(
    `${kind.what} ${name}: ${what} (${path}), and the built-in ones are: ${names}`,
  );
}

/** A file may be CommonJS, whose exports arrive as the default of the module's default. */
async function importDefault(what: string, path: string): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    const why = `${messageOf(error)}${placeOf(error)}`;
    throw new PlugInError(`${what} ${path} could not be loaded: ${why}`);
  }
  const exported = module.default;
  const isWrapped = typeof exported === 'object' && exported !== null && 'default' in exported;
  return isWrapped ? exported.default : exported;
}

/** Where a mistake of syntax is: Node says so in the first line of the stack, not in the message. */
function placeOf(error: unknown): string {
  const first = error instanceof SyntaxError ? error.stack?.split('\n', 1)[0] : undefined;
  return first !== undefined && /:\d+$/.test(first) ? ` (${first})` : '';
}

function make<A, P>(kind: PlugInKind<A, P>, path: string, factory: () => unknown): P {
  const made = attempt(path, factory);
  // Nothing more is believed of a plug-in: whoever calls its functions contains what they do.
  if (attempt(path, () => hasFunction(made, kind.required))) return made as P;
  const expected = `expected a ${kind.what} with ${kind.required}`;
  throw new PlugInError(`${path}: the factory returned ${describe(made)}; ${expected}`);
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new PlugInError(`${path}: the factory threw: ${messageOf(error)}`);
  }
}

function hasFunction(made: unknown, name: string): boolean {
  const isObject = typeof made === 'object' && made !== null;
  return isObject && typeof (made as Record<string, unknown>)[name] === 'function';
}

function describe(made: unknown): string {
  if (made === undefined || made === null) return `${made}`;
  if (made instanceof Promise) return 'a promise';
  return typeof made === 'object' ? 'an object without it' : `a ${typeof made}`;
}
