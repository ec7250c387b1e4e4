import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newLifeFor } from '#guest/guest-profile.ts';
import { defineLinuxVfDriver } from '#guest/linux/linux-vf-driver.ts';
import { loadLinuxVfDriver } from '#guest/linux/load.ts';
import { loadVfDriver } from '#guest/load-vf-driver.ts';
import { loadPfMiniport } from '#host/pf-miniport/load.ts';
import { PlugInError } from '#shared/plug-in/load.ts';

const MARK = "Symbol.for('sriov-backchannel: kind of miniport')";

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backchannel-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file with a default export that is marked as a Linux VF driver. */
async function fileOf(name: string, exported: string): Promise<string> {
  const path = join(folder, name);
  const mark = `Object.defineProperty(exported, ${MARK}, { value: 'Linux VF driver' })`;
  await writeFile(path, `const exported = ${exported};\n${mark};\nexport default exported;\n`);
  return path;
}

async function refusal(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PlugInError);
  return error instanceof PlugInError ? error.message : '';
}

describe('a driver that a guest cannot use', () => {
  test('because it is for Linux is refused by a Windows guest and by a host, with its place', async () => {
    const path = await fileOf('linux.mjs', '{ init: () => ({ probe() {}, remove() {} }) }');
    const place =
      'this is a Linux VF driver: give it to --vf-miniport of a guest with --profile linux';
    expect(await refusal(loadVfDriver('windows', path))).toBe(
      `${path}: ${place}, not as a VF miniport`,
    );
    expect(await refusal(loadPfMiniport(path))).toBe(`${path}: ${place}, not as a PF miniport`);
  });

  test('because it is a PF miniport is refused by a Linux guest', async () => {
    const path = join(folder, 'pf.mjs');
    await writeFile(
      path,
      `export default Object.assign(() => ({}), { [${MARK}]: 'PF miniport' });`,
    );
    expect(await refusal(loadLinuxVfDriver(path))).toContain('give it to --pf-miniport');
  });

  test('because there is no such file is refused by a Linux guest, with what there is', async () => {
    const path = join(folder, 'none.mjs');
    expect(await refusal(loadLinuxVfDriver(path))).toContain('there is no such file');
  });

  test.each([
    ['has no init', '{}', 'has a default export of type object'],
    ['has an init that is no function', '{ init: 5 }', 'has a default export of type object'],
  ])('because its module %s says what is expected', async (_what, exported, found) => {
    const path = await fileOf(`module-${exported.length}.mjs`, exported);
    expect(await refusal(loadLinuxVfDriver(path))).toBe(
      `${path} ${found}; expected: export default defineLinuxVfDriver((adapter) => …)`,
    );
  });

  test.each([
    ['throws', "{ init: () => { throw new Error('broken'); } }", 'the factory threw: broken'],
    [
      'makes no driver',
      '{ init: () => ({ remove() {} }) }',
      'expected a Linux VF driver with probe',
    ],
  ])('because its init %s says so when a device comes', async (what, exported, told) => {
    const path = await fileOf(`init-${what.length}.mjs`, exported);
    const driver = await loadLinuxVfDriver(path);
    if (typeof driver === 'function') throw new Error('that is a VF miniport');
    const { init } = driver;
    // The factory fails before it looks at what it is given.
    expect(() => Reflect.apply(init, undefined, [{}])).toThrow(told);
  });

  test('because it is for Linux does not begin to live on Windows', () => {
    const driver = defineLinuxVfDriver(() => ({ probe: () => 0, remove: () => {} }));
    expect(() =>
      newLifeFor({ profile: 'windows', vfMiniport: driver, readPadding: 'zero' }),
    ).toThrow('a Linux VF driver needs the profile linux');
  });
});

describe('the driver of a Linux guest', () => {
  test.each(['reference', 'null'])('%s is the VF miniport of that name', async (name) => {
    expect(await loadLinuxVfDriver(name)).toBeTypeOf('function');
  });

  test('in a file that says so is a Linux VF driver; in any other a VF miniport', async () => {
    const linux = await fileOf('driver.mjs', '{ init: () => ({ probe() {}, remove() {} }) }');
    expect(await loadLinuxVfDriver(linux)).toHaveProperty('init');
    const miniport = join(folder, 'miniport.mjs');
    await writeFile(miniport, 'export default () => ({ miniportOidRequest() {} });');
    expect(await loadLinuxVfDriver(miniport)).toBeTypeOf('function');
  });
});
