import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '#cli/failure.ts';
import { resolveSettings, type Sources } from '#cli/settings.ts';
import { GUEST_SETTINGS, type GuestSettings } from '#guest/settings.ts';
import { type PfSettings, pfsOf } from '#host/pf-settings.ts';
import { HOST_SETTINGS } from '#host/settings.ts';

let config: string;
beforeAll(async () => {
  config = join(await mkdtemp(join(tmpdir(), 'backchannel-settings-')), 'settings.json');
});
afterAll(() => rm(join(config, '..'), { recursive: true }));

/** A settings file with these sections, as the flag that names it. */
async function fileOf(sections: object): Promise<{ readonly config: string }> {
  await writeFile(config, JSON.stringify(sections));
  return { config };
}

function pfs(sources: Partial<Sources>): readonly PfSettings[] {
  return pfsOf(resolveSettings(HOST_SETTINGS, { section: 'host', flags: {}, env: {}, ...sources }));
}

function guest(sources: Partial<Sources>): GuestSettings {
  return resolveSettings(GUEST_SETTINGS, { section: 'guest', flags: {}, env: {}, ...sources });
}

const NAME = 'expected 1 to 63 letters, digits, dots, hyphens or underscores';
const PF =
  'expected NAME=DRIVER, or an object with name, pfMiniport, pfConfig, nicConfig, numVfs, oidTimeout, maskOnReset';

describe('PFs that are wrong', () => {
  test.each<[string, readonly string[], string]>([
    ['without a driver', ['net'], `"net" is not valid: ${PF}`],
    ['with an empty driver', ['net='], '"net=" is not valid: expected some text'],
    ['without a name', ['=reference'], `"=reference" is not valid: ${NAME}`],
    ['with a path for a name', ['../a=null'], `"../a=null" is not valid: ${NAME}`],
    [
      'of one name',
      ['a=null', 'b=null', 'a=reference'],
      '"a=reference" is not valid: expected a name that no other PF has',
    ],
  ])('are refused, and the flag says which: one %s', (_what, pf, message) => {
    const wrong = () => pfs({ flags: { pf } });
    expect(wrong).toThrow(new UsageError(`--pf <NAME=DRIVER...>: ${message}`));
    const BACKCHANNEL_PFS = pf.join(',');
    expect(() => pfs({ env: { BACKCHANNEL_PFS } })).toThrow(
      new UsageError(`BACKCHANNEL_PFS: ${message}`),
    );
  });

  test.each<[string, unknown, string]>([
    ['no list', { name: 'a' }, ': {"name":"a"} is not valid: expected a list of PFs'],
    ['a number', [{ name: 'a' }, 7], `[1]: 7 is not valid: ${PF}`],
    ['an object without a name', [{}], `[0].name: undefined is not valid: ${NAME}`],
    ['an unknown key', [{ name: 'a', vfs: 1 }], `[0]: {"name":"a","vfs":1} is not valid: ${PF}`],
    [
      'a value out of its range',
      [{ name: 'a' }, { name: 'b', numVfs: 0 }],
      '[1].numVfs: 0 is not valid: expected a whole number from 1 to 65534',
    ],
    [
      'a keyword without a value',
      [{ name: 'a', pfConfig: ['Mtu'] }],
      '[0].pfConfig: ["Mtu"] is not valid: expected KEY=VALUE',
    ],
    [
      'a name that is there',
      [{ name: 'a' }, { name: 'a' }],
      '[1].name: "a" is not valid: expected a name that no other PF has',
    ],
  ])('are refused, and their place in the file is named: %s', async (_what, given, message) => {
    const flags = await fileOf({ host: { pfs: given } });
    expect(() => pfs({ flags })).toThrow(new UsageError(`${config}: host.pfs${message}`));
  });

  test('are refused where a guest names them', async () => {
    expect(() => guest({ flags: { pf: ['net', '../a'] } })).toThrow(
      new UsageError(`--pf <name...>: "../a" is not valid: ${NAME}`),
    );
    const flags = await fileOf({ guest: { pf: 7 } });
    expect(() => guest({ flags })).toThrow(
      new UsageError(`${config}: guest.pf: 7 is not valid: ${NAME}, or a list of such names`),
    );
  });
});

describe('the PFs of a host', () => {
  const reference = { pfMiniport: 'reference', numVfs: 64, oidTimeout: 10, maskOnReset: 'keep' };

  test('are one without a name of its own, as the other settings say', () => {
    expect(pfs({ flags: { pfMiniport: 'null', numVfs: '2' } })).toEqual([
      {
        ...reference,
        name: 'pf0',
        pfMiniport: 'null',
        pfConfig: new Map(),
        nicConfig: undefined,
        numVfs: 2,
      },
    ]);
  });

  test('are those of the flag, for which the other settings hold', () => {
    const flags = { pf: ['net=reference', 'mine=./my=pf.ts'], numVfs: '2', nicConfig: 'nic.json' };
    expect(pfs({ flags })).toMatchObject([
      { ...reference, name: 'net', numVfs: 2, nicConfig: 'nic.json' },
      { ...reference, name: 'mine', pfMiniport: './my=pf.ts', numVfs: 2, nicConfig: 'nic.json' },
    ]);
  });

  test('have in the file settings of their own, of which the others take the place', async () => {
    const flags = await fileOf({
      host: {
        numVfs: 8,
        pfConfig: { StatsCommand: 'stop' },
        pfs: [
          { name: 'a', numVfs: 2, oidTimeout: 0, nicConfig: 'a.json', maskOnReset: 'drop' },
          { name: 'b', pfMiniport: 'hv-vhca', pfConfig: { StatsCommand: 'once' } },
          'c=null',
        ],
      },
    });
    const shared = new Map([['StatsCommand', 'stop']]);
    expect(pfs({ flags })).toEqual([
      {
        ...reference,
        name: 'a',
        numVfs: 2,
        oidTimeout: 0,
        nicConfig: 'a.json',
        maskOnReset: 'drop',
        pfConfig: shared,
      },
      {
        ...reference,
        name: 'b',
        pfMiniport: 'hv-vhca',
        numVfs: 8,
        nicConfig: undefined,
        pfConfig: new Map([['StatsCommand', 'once']]),
      },
      {
        ...reference,
        name: 'c',
        pfMiniport: 'null',
        numVfs: 8,
        nicConfig: undefined,
        pfConfig: shared,
      },
    ]);
  });

  test('come from the flag, the variable or the file, in this order', async () => {
    const file = await fileOf({ host: { pfs: ['file=null'] } });
    const env = { BACKCHANNEL_PFS: 'one=null,two=null' };
    const names = (sources: Partial<Sources>) => pfs(sources).map((pf) => pf.name);
    expect(names({ flags: { ...file, pf: ['flag=null'] }, env })).toEqual(['flag']);
    expect(names({ flags: file, env })).toEqual(['one', 'two']);
    expect(names({ flags: file })).toEqual(['file']);
  });

  test('whose drivers are files are seen from the folder of whoever typed them', () => {
    const root = process.cwd();
    const caller = join(root, '..', 'mine');
    const env = { npm_package_json: join(root, 'package.json'), INIT_CWD: caller };
    const given = pfs({ env, flags: { pf: ['a=./x.ts', 'b=hv-vhca'] } });
    expect(given.map((pf) => pf.pfMiniport)).toEqual([join(caller, 'x.ts'), 'hv-vhca']);
  });
});

describe('the PFs that a guest names', () => {
  test('are none, one, or a list, from flags, the variable or the file', async () => {
    expect(guest({}).pf).toEqual([]);
    expect(guest({ flags: { pf: ['net'] } }).pf).toEqual(['net']);
    expect(guest({ env: { BACKCHANNEL_PF: 'net,vhca' } }).pf).toEqual(['net', 'vhca']);
    expect(guest({ flags: await fileOf({ guest: { pf: 'net' } }) }).pf).toEqual(['net']);
    expect(guest({ flags: await fileOf({ guest: { pf: ['a', 'b'] } }) }).pf).toEqual(['a', 'b']);
  });
});
