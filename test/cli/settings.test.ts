import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '#cli/failure.ts';
import { rejectUnknownVariables, resolveSettings, type Sources } from '#cli/settings.ts';
import { GUEST_SETTINGS, type GuestSettings } from '#guest/settings.ts';
import { HOST_SETTINGS, type HostSettings } from '#host/settings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backchannel-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A settings file with this text, as the flag that names it. */
async function fileOf(text: string): Promise<{ readonly config: string }> {
  const config = join(folder, 'settings.json');
  await writeFile(config, text);
  return { config };
}

function hostOf(sources: Partial<Sources> = {}): HostSettings {
  return resolveSettings(HOST_SETTINGS, { section: 'host', flags: {}, env: {}, ...sources });
}

function guestOf(sources: Partial<Sources> = {}): GuestSettings {
  return resolveSettings(GUEST_SETTINGS, { section: 'guest', flags: {}, env: {}, ...sources });
}

describe('settings that are wrong', () => {
  const number = 'expected a whole number from 1 to 65534';
  const versions = 'expected VPCI protocol versions from 1.1 to 1.6, separated by commas';
  const token = 'expected visible ASCII characters, without spaces';

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['text for a number', { numVfs: 'many' }, `--num-vfs <count>: "many" is not valid: ${number}`],
    ['a number too small', { numVfs: '0' }, `--num-vfs <count>: "0" is not valid: ${number}`],
    [
      'a number too large',
      { numVfs: '65535' },
      `--num-vfs <count>: "65535" is not valid: ${number}`,
    ],
    ['a fraction', { numVfs: '1.5' }, `--num-vfs <count>: "1.5" is not valid: ${number}`],
    ['no text', { stateDir: '' }, '--state-dir <folder>: "" is not valid: expected some text'],
    [
      'a choice that is none',
      { maskOnReset: 'lose' },
      '--mask-on-reset <keep|drop>: "lose" is not valid: expected keep or drop',
    ],
    [
      'a quirk that is none',
      { writeSizeQuirk: '2019' },
      '--write-size-quirk <none|2018>: "2019" is not valid: expected none or 2018',
    ],
    [
      'a keyword without a value',
      { pfConfig: ['Mtu=9000', 'Vlan'] },
      '--pf-config <KEY=VALUE...>: ["Mtu=9000","Vlan"] is not valid: expected KEY=VALUE',
    ],
    [
      'a version that is not in the table',
      { protocolVersion: '1.6,1.7' },
      `--protocol-version <list>: "1.6,1.7" is not valid: ${versions}`,
    ],
    ['a token with a space', { token: 'a b' }, `--token <token>: "a b" is not valid: ${token}`],
    [
      'a token no header can carry',
      { token: 'naïf' },
      `--token <token>: "naïf" is not valid: ${token}`,
    ],
  ])('are refused: %s', (_what, flags, message) => {
    expect(() => hostOf({ flags })).toThrow(new UsageError(message));
  });

  test('are refused: an address that is none, and a name with a path in it', () => {
    const address = 'expected the address of a host, as ws://127.0.0.1:4040';
    expect(() => guestOf({ flags: { host: 'http://127.0.0.1:4040' } })).toThrow(
      new UsageError(`--host <url>: "http://127.0.0.1:4040" is not valid: ${address}`),
    );
    const name = 'expected 1 to 63 letters, digits, dots, hyphens or underscores';
    expect(() => guestOf({ flags: { name: '../g1' } })).toThrow(
      new UsageError(`--name <name>: "../g1" is not valid: ${name}`),
    );
  });

  test('are refused: a guest of no known kind, and a padding of no known kind', () => {
    expect(() => guestOf({ flags: { profile: 'mac' } })).toThrow(
      new UsageError('--profile <windows|linux>: "mac" is not valid: expected windows or linux'),
    );
    expect(() => guestOf({ env: { BACKCHANNEL_READ_PADDING: 'ones' } })).toThrow(
      new UsageError(
        'BACKCHANNEL_READ_PADDING: "ones" is not valid: expected zero, marker or none',
      ),
    );
  });

  test('are named by the variable that has them', () => {
    expect(() => hostOf({ env: { BACKCHANNEL_NUM_VFS: 'many' } })).toThrow(
      new UsageError(`BACKCHANNEL_NUM_VFS: "many" is not valid: ${number}`),
    );
  });

  test.each<[string, string, string]>([
    ['a file that is no object', '[]', 'expected an object, as in {"host": {"numVfs": 8}}'],
    ['a section that is no object', '{"host": 8}', 'host: expected an object, as in '],
    ['an unknown section', '{"hosts": {}}', 'hosts is no section; there are: host, guest'],
    ['an unknown key', '{"host": {"vfs": 2}}', 'host.vfs is no setting; there are: listen, port,'],
    [
      'a key of every object',
      '{"host": {"valueOf": 2}}',
      'host.valueOf is no setting; there are: ',
    ],
    ['a value', '{"host": {"numVfs": true}}', `host.numVfs: true is not valid: ${number}`],
  ])('are named by their place in the file: %s', async (_what, text, message) => {
    const flags = await fileOf(text);
    expect(() => hostOf({ flags })).toThrow(UsageError);
    expect(() => hostOf({ flags })).toThrow(`${flags.config}: ${message}`);
  });

  test('are refused: text that is not JSON', async () => {
    const flags = await fileOf('{"host": ');
    expect(() => hostOf({ flags })).toThrow(UsageError);
    expect(() => hostOf({ flags })).toThrow(`${flags.config} is not JSON: `);
  });

  test('are refused: a file that was named and is not there, or is a folder', () => {
    const missing = join(folder, 'missing.json');
    const expected = 'expected a file with settings as JSON';
    expect(() => hostOf({ flags: { config: missing } })).toThrow(
      new UsageError(`${missing}: there is no such file; ${expected}`),
    );
    expect(() => hostOf({ flags: { config: folder } })).toThrow(UsageError);
    expect(() => hostOf({ flags: { config: folder } })).toThrow(/: EISDIR.*; expected a file with/);
  });
});

describe('variables', () => {
  test('that look like a setting and are none are refused', () => {
    expect(() => rejectUnknownVariables({ BACKCHANNEL_NUMVFS: '8' })).toThrow(UsageError);
    expect(() => rejectUnknownVariables({ BACKCHANNEL_NUMVFS: '8' })).toThrow(
      /^BACKCHANNEL_NUMVFS is no setting; there are: .*BACKCHANNEL_NUM_VFS,/,
    );
  });

  test('of either process, of the control API and of others are none of that', () => {
    const env = {
      BACKCHANNEL_NUM_VFS: '8',
      BACKCHANNEL_VFS: '2',
      BACKCHANNEL_CONTROL: 'http://127.0.0.1:4041',
      BACKCHANNEL_CONTROL_TOKEN_FILE: 'token',
      PATH: '/bin',
    };
    expect(() => rejectUnknownVariables(env)).not.toThrow();
  });
});

describe('a setting', () => {
  test('is taken from its flag, its variable, the file or its fallback, in this order', async () => {
    const { config } = await fileOf('{"host": {"numVfs": 3}, "guest": {"vfs": 4}}');
    const env = { BACKCHANNEL_NUM_VFS: '2' };
    expect(hostOf({ flags: { numVfs: '1', config }, env }).numVfs).toBe(1);
    expect(hostOf({ flags: { config }, env }).numVfs).toBe(2);
    expect(hostOf({ flags: { config } }).numVfs).toBe(3);
    expect(hostOf().numVfs).toBe(64);
    expect(guestOf({ flags: { config } }).vfs).toBe(4);
  });

  test('whose variable is empty is taken from elsewhere', () => {
    expect(hostOf({ env: { BACKCHANNEL_NUM_VFS: '' } }).numVfs).toBe(64);
  });

  test('of keywords is a list of flags, text with commas, or a list or an object in the file', async () => {
    const expected = new Map([
      ['Mtu', '9000'],
      ['Filter', 'a=b'],
    ]);
    expect(hostOf({ flags: { pfConfig: ['Mtu=9000', 'Filter=a=b'] } }).pfConfig).toEqual(expected);
    expect(hostOf({ env: { BACKCHANNEL_PF_CONFIG: 'Mtu=9000,Filter=a=b' } }).pfConfig).toEqual(
      expected,
    );
    const list = await fileOf('{"host": {"pfConfig": ["Mtu=9000", "Filter=a=b"]}}');
    expect(hostOf({ flags: list }).pfConfig).toEqual(expected);
    const object = await fileOf('{"host": {"pfConfig": {"Mtu": "9000", "Filter": "a=b"}}}');
    expect(hostOf({ flags: object }).pfConfig).toEqual(expected);
  });

  test('of protocol versions is newest first however it is written', () => {
    const { protocolVersion } = hostOf({ flags: { protocolVersion: '1.1, 1.6,1.3' } });
    expect(protocolVersion).toEqual([0x00010006, 0x00010003, 0x00010001]);
  });

  test('with a --no-… flag is off by that flag, by its variable or in the file', async () => {
    expect(guestOf({ flags: { retry: false } }).retry).toBe(false);
    expect(guestOf({ env: { BACKCHANNEL_RETRY: 'false' } }).retry).toBe(false);
    expect(guestOf({ flags: await fileOf('{"guest": {"retry": false}}') }).retry).toBe(false);
    // Commander gives the flag as true when nobody wrote it.
    expect(guestOf({ flags: { retry: true }, env: { BACKCHANNEL_RETRY: 'false' } }).retry).toBe(
      false,
    );
    expect(guestOf({ flags: { retry: true } }).retry).toBe(true);
  });

  test('of the file may stand beside the address of its schema', async () => {
    const flags = await fileOf('{"$schema": "./settings.schema.json", "host": {"port": 0}}');
    expect(hostOf({ flags }).port).toBe(0);
  });
});

describe('paths that npm run --prefix was given in another folder', () => {
  test('lead to files of that folder, from flags and from the environment', () => {
    const root = process.cwd();
    const caller = join(root, '..', 'mine');
    const env = {
      npm_package_json: join(root, 'package.json'),
      INIT_CWD: caller,
      BACKCHANNEL_NIC_CONFIG: 'nic.json',
    };
    const given = hostOf({ env, flags: { pfMiniport: './x.ts' } });
    expect(given.pfMiniport).toBe(join(caller, 'x.ts'));
    expect(given.nicConfig).toBe(join(caller, 'nic.json'));
    expect(given.stateDir).toBe('.backchannel');
    expect(hostOf({ env, flags: { pfMiniport: 'hv-vhca' } }).pfMiniport).toBe('hv-vhca');
  });
});
