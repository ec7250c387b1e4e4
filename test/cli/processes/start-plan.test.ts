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

describe('the guests that `start` runs', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backchannel-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The flags of each guest after its name and its state folder. */
  function guests(flags: object, env: Readonly<Record<string, string>> = {}): readonly string[] {
    const { guests } = planStart({ stateDir: folder, ...flags }, env);
    return guests.map(({ args }) => args.join(' ').replace(` --state-dir ${folder}`, ''));
  }

  test('are one that names no PF, when there is one PF', () => {
    expect(guests({})).toEqual(['guest --name g1']);
    expect(guests({ pf: ['net=reference'], vfs: '2' })).toEqual(['guest --name g1 --vfs 2']);
  });

  test('are one for each PF, with the VF miniport that belongs to that of the PF', () => {
    expect(guests({ pf: ['net=reference', 'vhca=hv-vhca', 'mine=./pf.ts'] })).toEqual([
      'guest --name g1 --pf net',
      'guest --name g2 --vf-miniport hv-vhca --pf vhca',
      'guest --name g3 --pf mine',
    ]);
    expect(guests({ pfMiniport: 'hv-vhca' })).toEqual(['guest --name g1 --vf-miniport hv-vhca']);
  });

  test('are watched by the verifier, as the host is, when that is wanted', () => {
    expect(guests({ verifier: true })).toEqual(['guest --name g1 --verifier true']);
    const { hostArgs } = planStart({ stateDir: folder, verifier: 'fatal' }, {});
    expect(hostArgs.join(' ')).toContain('--verifier fatal');
  });

  test('speak the protocol versions that are wanted, as the host does', () => {
    const protocolVersion = '1.2,1.1';
    expect(guests({ protocolVersion })).toEqual(['guest --name g1 --protocol-version 1.2,1.1']);
    const { hostArgs } = planStart({ stateDir: folder, protocolVersion }, {});
    expect(hostArgs.join(' ')).toContain('--protocol-version 1.2,1.1');
    expect(() => planStart({ stateDir: folder, protocolVersion: '1.0' }, {})).toThrow(
      '--protocol-version <list>: "1.0" is not valid',
    );
  });

  test('have the VF miniport that is wanted, whatever belongs to the PF', () => {
    const pf = ['net=reference', 'vhca=hv-vhca'];
    expect(guests({ pf, vfMiniport: 'null' })).toEqual([
      'guest --name g1 --vf-miniport null --pf net',
      'guest --name g2 --vf-miniport null --pf vhca',
    ]);
    expect(guests({ pf }, { BACKCHANNEL_VF_MINIPORT: 'null' })).toEqual([
      'guest --name g1 --pf net',
      'guest --name g2 --pf vhca',
    ]);
  });

  test('follow a host that is given the same PFs', () => {
    const { hostArgs } = planStart({ stateDir: folder, pf: ['a=null', 'b=null'] }, {});
    expect(hostArgs).toEqual(['host', '--state-dir', folder, '--pf', 'a=null', 'b=null']);
  });
});
