import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { callerPath } from '#cli/caller-path.ts';

const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
const root = join(manifest, '..');
const caller = join(root, '..', 'mine');
const NPM = { npm_package_json: manifest, INIT_CWD: caller };

describe('a path that a user typed', () => {
  test.each<[string, NodeJS.ProcessEnv, string]>([
    ['without npm', {}, root],
    ['in the folder of the project', { ...NPM, INIT_CWD: root }, root],
    ['in a script of another project', { ...NPM, npm_package_json: '/x/package.json' }, root],
    ['in a process that a script of ours started elsewhere', NPM, caller],
  ])('%s stays as it is', (_where, env, folder) => {
    expect(callerPath('./x.ts', env, folder)).toBe('./x.ts');
  });

  test('is seen from the folder in which npm was called with --prefix', () => {
    expect(callerPath('./x.ts', NPM, root)).toBe(join(caller, 'x.ts'));
    expect(callerPath(join(root, 'x.ts'), NPM, root)).toBe(join(root, 'x.ts'));
  });
});
