import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPlugIn, PlugInError, type PlugInKind } from '#shared/plug-in/load.ts';

interface Driver {
  greet(): string;
}

const KIND: PlugInKind<string, Driver> = {
  what: 'test driver',
  define: 'defineTestDriver',
  required: 'greet',
  builtIn: {
    polite: async () => ({ default: (name) => ({ greet: () => `good day, ${name}` }) }),
    short: async () => ({ default: () => ({ greet: () => 'hi' }) }),
  },
};

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'backchannel-plug-in-')));
});
afterAll(() => rm(folder, { recursive: true }));

/** The path of a driver's file with this text. */
async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function expectRefusal(work: Promise<unknown>, message: string | RegExp): Promise<void> {
  await expect(work).rejects.toBeInstanceOf(PlugInError);
  await expect(work).rejects.toThrow(message);
}

describe('a plug-in that cannot be loaded', () => {
  test('because its file is not there names the built-in ones', async () => {
    const path = join(folder, 'missing.mjs');
    const built = 'and the built-in ones are: polite, short';
    const told = `test driver ${path}: there is no such file (${path}), ${built}`;
    await expectRefusal(loadPlugIn(KIND, path), told);
  });

  test('because its path is a folder, or a name that every object has, says so', async () => {
    const told = `test driver ${folder}: that is not a file (${folder}), and the built-in ones are: `;
    await expectRefusal(loadPlugIn(KIND, folder), told);
    await expectRefusal(loadPlugIn(KIND, 'constructor'), 'there is no such file');
  });

  test.each<[string, string, string, string]>([
    ['has no default export', 'none.mjs', 'export const driver = 1;', 'has no default export'],
    ['exports a number', 'number.mjs', 'export default 1;', 'has a default export of type number'],
    [
      'exports an object',
      'object.cjs',
      'module.exports = {};',
      'has a default export of type object',
    ],
  ])('because its file %s says what is expected', async (_what, name, text, found) => {
    const path = await fileOf(name, text);
    const told = `${path} ${found}; expected: export default defineTestDriver((adapter) => …)`;
    await expectRefusal(loadPlugIn(KIND, path), told);
  });

  test('because it is a driver of the other side says where it belongs', async () => {
    const mark = "Symbol.for('sriov-backchannel: kind of miniport')";
    const text = `export default Object.assign(() => ({ greet() {} }), { [${mark}]: 'VF miniport' });`;
    const path = await fileOf('other-side.mjs', text);
    const told = `${path}: this is a VF miniport: give it to --vf-miniport, not as a test driver`;
    await expectRefusal(loadPlugIn(KIND, path), told);
    expect(await loadPlugIn({ ...KIND, what: 'VF miniport' }, path)).toBeTypeOf('function');
  });

  test('because its file throws tells what, whatever was thrown', async () => {
    const error = await fileOf('error.mjs', "throw new Error('no licence');");
    await expectRefusal(
      loadPlugIn(KIND, error),
      `test driver ${error} could not be loaded: no licence`,
    );
    const nothing = await fileOf('nothing.mjs', 'throw Object.create(null);');
    await expectRefusal(loadPlugIn(KIND, nothing), 'something that cannot be printed');
  });
});

describe('the factory of a plug-in', () => {
  test.each<[string, string, string]>([
    ['throws', "() => { throw new Error('no adapter'); }", 'the factory threw: no adapter'],
    ['is a class', 'class {}', 'the factory threw: Class constructor'],
    [
      'makes nothing',
      '() => {}',
      'the factory returned undefined; expected a test driver with greet',
    ],
    ['makes null', '() => null', 'the factory returned null; expected a test driver with greet'],
    [
      'makes a promise',
      'async () => ({ greet() {} })',
      'the factory returned a promise; expected ',
    ],
    ['makes a number', '() => 1', 'the factory returned a number; expected '],
    ['makes something else', '() => ({ greet: 1 })', 'returned an object without it; expected '],
    [
      'makes what throws when it is looked at',
      "() => ({ get greet() { throw new Error('not yet'); } })",
      'the factory threw: not yet',
    ],
  ])('that %s throws with a sentence when it is called', async (what, factory, message) => {
    const path = await fileOf(`${what.replaceAll(' ', '-')}.mjs`, `export default ${factory};`);
    const make = await loadPlugIn(KIND, path);
    expect(() => make('Ann')).toThrow(PlugInError);
    expect(() => make('Ann')).toThrow(message);
    expect(() => make('Ann')).toThrow(path);
  });

  test.each<[string, string]>([
    ['driver.mjs', 'export default (name) => ({ greet: () => "hello, " + name });'],
    ['driver.cjs', 'module.exports = (name) => ({ greet: () => "hello, " + name });'],
    ['compiled.cjs', 'exports.default = (name) => ({ greet: () => "hello, " + name });'],
  ])('is the default export of %s', async (name, text) => {
    const make = await loadPlugIn(KIND, await fileOf(name, text));
    expect(make('Ann').greet()).toBe('hello, Ann');
  });

  test('is found by the name of one that is built in', async () => {
    const make = await loadPlugIn(KIND, 'polite');
    expect(make('Ann').greet()).toBe('good day, Ann');
  });
});
