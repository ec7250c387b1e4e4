import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

const MANIFEST = fileURLToPath(new URL('../package.json', import.meta.url));

/**
 * A path as its user meant it. `npm run host --prefix …` runs in the folder of this project, whatever
 * folder the user is in: npm leaves that one in INIT_CWD. Anything else runs where its user is, a
 * script of another project included.
 */
export function callerPath(path: string, env: Environment, folder = process.cwd()): string {
  const caller = env['INIT_CWD'];
  const isOurScript = env['npm_package_json'] === MANIFEST && folder === dirname(MANIFEST);
  return isOurScript && caller !== undefined && caller !== folder ? resolve(caller, path) : path;
}
