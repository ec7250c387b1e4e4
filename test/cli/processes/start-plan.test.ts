import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planStart } from '#cli/processes/start-plan.ts';

describe('the NIC configuration that `start` prepares', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backchannel-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is none for a PF miniport that is not the reference, or beside one that is given', () => {
    const plan = (flags: object) => planStart({ stateDir: folder, ...flags }, {}).nicConfig;
    expect(plan({ pfMiniport: 'null' })).toBeUndefined();
    expect(plan({ nicConfig: 'my.json' })).toBe('my.json');
  });

  test('names a schema that an editor finds', async () => {
    const file = planStart({ stateDir: folder }, {}).nicConfig;
    expect(file).toBe(join(folder, 'nic.json'));
    const { $schema } = JSON.parse(await readFile(join(folder, 'nic.json'), 'utf8'));
    const schema = JSON.parse(await readFile(resolve(folder, $schema), 'utf8'));
    expect(schema).toMatchObject({ title: 'NIC configuration' });
  });

  test('is the one that is there, once it has been edited', async () => {
    const edited = '{ "defaults": { "mtu": 9000 } }';
    await writeFile(join(folder, 'nic.json'), edited);
    const { hostArgs, nicConfig } = planStart({ stateDir: folder }, {});
    expect(hostArgs.slice(-2)).toEqual(['--nic-config', nicConfig]);
    expect(await readFile(join(folder, 'nic.json'), 'utf8')).toBe(edited);
  });
});
