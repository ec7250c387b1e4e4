import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OperatedHost, REFUSED_BLOCK, TOKEN } from '#test/host/control/operated-host.ts';
import { type CommandResult, runCommand } from './command-run.ts';
import { OperatedState } from './operated-state.ts';

let host: OperatedHost;
let state: OperatedState;

beforeEach(async () => {
  host = await OperatedHost.start();
  state = new OperatedState();
  state.writeEndpoint(JSON.stringify({ url: host.url, pid: 1 }));
  state.writeToken(`${TOKEN}\n`);
});

afterEach(async () => {
  state.remove();
  await host.end();
});

function run(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, state.env);
}

const EVERY_COMMAND: readonly (readonly string[])[] = [
  ['pf', 'list'],
  ['pf', 'show', 'pf0'],
  ['vf', 'list'],
  ['vf', 'show', '0'],
  ['vf', 'reset', '0'],
  ['vf', 'eject', '0'],
  ['block', 'read', '0', '0'],
  ['block', 'write', '0', '0', '--text', 'x'],
  ['invalidate', '0', '--blocks', '0'],
  ['trace'],
];

describe.each(EVERY_COMMAND.map((args) => [args.join(' '), args] as const))('%s', (_name, args) => {
  test('without a host says how to start or name one', async () => {
    rmSync(state.files.controlEndpoint);
    const { code, stdout, message } = await run(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(message).toMatch(/^no host runs with the state folder .*`backchannel host`.*--control$/);
  });

  test('with a wrong token says where the right one is', async () => {
    state.writeToken('wrong');
    const { code, message } = await run(...args);
    expect(code).toBe(1);
    expect(message).toContain('does not accept this control token');
    expect(message).not.toContain('wrong');
  });

  test('with an unknown flag is used wrongly', async () => {
    const { code, message } = await run(...args, '--nonsense');
    expect(code).toBe(2);
    expect(message).toContain("unknown option '--nonsense'");
  });

  test('--help describes it, with an example', async () => {
    const { code, stdout } = await run(
      ...args.slice(0, ['pf', 'vf', 'block'].includes(args[0] ?? '') ? 2 : 1),
      '--help',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}backchannel /);
    for (const flag of ['--control <url>', '--control-token-file', '--state-dir']) {
      expect(stdout).toContain(flag);
    }
    expect(stdout).toMatch(/^Usage: .*\n\n\w.{20}/);
  });
});

describe('numbers', () => {
  test.each([
    [['vf', 'show', 'one'], '<vf>: "one": expected a whole number from 0 to 65535'],
    [['vf', 'show', '65536'], '<vf>: "65536": expected a whole number from 0 to 65535'],
    [['vf', 'reset', '1.5'], '<vf>: "1.5": expected a whole number from 0 to 65535'],
    [
      ['block', 'read', '0', '4294967296'],
      '<block>: "4294967296": expected a whole number from 0 to 4294967295',
    ],
    [
      ['block', 'read', '0', '0', '--length', '129'],
      '--length: "129": expected a whole number from 1 to 128',
    ],
    [
      ['invalidate', '0', '--blocks', '0,64'],
      '--blocks: "64": expected a whole number from 0 to 63',
    ],
    [['invalidate', '0', '--blocks', ''], '--blocks: "": expected a whole number from 0 to 63'],
    [
      ['invalidate', '0', '--mask', '21'],
      '--mask: "21": expected 1 to 16 hexadecimal digits after 0x, such as 0x21',
    ],
    [['trace', '--recent', 'all'], '--recent: "all": expected a whole number from 0 to 1000000'],
  ])('%j names what is wrong and what was expected', async (args, message) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: '', message });
  });
});

describe('a VF that is not allocated', () => {
  test.each(EVERY_COMMAND.filter((args) => args.includes('0')).map((args) => [args]))(
    '%j says how to find those that are',
    async (args) => {
      const other = args.map((arg, at) => (at === args.indexOf('0') ? '7' : arg));
      const { code, stdout, message } = await run(...other);
      expect([code, stdout]).toEqual([1, '']);
      expect(message).toBe('VF 7 is not allocated; `backchannel vf list` shows those that are');
    },
  );
});

describe('vf', () => {
  test('list prints a table that fits 80 columns', async () => {
    const { code, stdout } = await run('vf', 'list');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'VF  DEVICE  STATE    GEN  PENDING MASK  OUTSTANDING',
        ' 0  g1/0    running    1  none                    0',
        '',
        '1 of 4 VFs allocated',
        '',
      ].join('\n'),
    );
  });

  test('list --json prints what the API answers', async () => {
    const { stdout } = await run('vf', 'list', '--json');
    expect(JSON.parse(stdout)).toEqual(await (await host.fetch('/v1/vfs')).json());
  });

  test('show prints the fields of a VF, and those of its PF', async () => {
    const { code, stdout } = await run('vf', 'show', '0');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^device +g1\/0$/m);
    expect(stdout).toMatch(/^state +running$/m);
    expect(stdout).toMatch(/^blocks +0 attributes$/m);
    expect(stdout).toMatch(/^mtu +1500$/m);
    expect(JSON.parse((await run('vf', 'show', '0x0', '--json')).stdout)).toMatchObject({
      vfId: 0,
    });
  });

  test('reset prints the status of OID_SRIOV_RESET_VF', async () => {
    const { code, stdout } = await run('vf', 'reset', '0');
    expect([code, stdout]).toEqual([0, 'VF 0: OID_SRIOV_RESET_VF: NDIS_STATUS_SUCCESS\n']);
    expect(JSON.parse((await run('vf', 'reset', '0', '--json')).stdout)).toEqual({
      status: 0,
      statusName: 'NDIS_STATUS_SUCCESS',
    });
  });

  test('eject has the guest give the VF back', async () => {
    const { code, stdout } = await run('vf', 'eject', '0');
    expect([code, stdout]).toEqual([0, 'VF 0: the guest is asked to give it back\n']);
    await host.world.settled();
    expect(host.world.states.at(-1)).toBe('g1/0 freed');
    expect((await run('vf', 'list')).stdout).toBe('0 of 4 VFs allocated\n');
  });
});

describe('block', () => {
  const refused = `VF 0, block ${REFUSED_BLOCK}:`;

  test('a read that the PF refuses fails with its status', async () => {
    const message = `${refused} OID_SRIOV_READ_VF_CONFIG_BLOCK: NDIS_STATUS_INVALID_DATA`;
    const args = ['block', 'read', '0', String(REFUSED_BLOCK)];
    expect(await run(...args)).toEqual({ code: 1, stdout: '', message });
    const { code, stdout } = await run(...args, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { status: 0xc0010015, data: '' }]);
  });

  test('a write that the PF refuses fails with its status', async () => {
    const message = `${refused} OID_SRIOV_WRITE_VF_CONFIG_BLOCK: NDIS_STATUS_INVALID_DATA`;
    const args = ['block', 'write', '0', String(REFUSED_BLOCK), '--text', 'x'];
    expect(await run(...args)).toEqual({ code: 1, stdout: '', message });
  });

  test.each([
    [[], 'expected one of --hex, --text and --file'],
    [['--hex', '00', '--text', 'x'], 'expected one of --hex, --text and --file'],
    [['--hex', '012'], '--hex: "012": expected two hexadecimal digits for each byte'],
    [['--hex', '0x01'], '--hex: "0x01": expected two hexadecimal digits for each byte'],
    [['--text', ''], 'a write carries 1 to 128 bytes; these are 0'],
    [['--text', 'é'.repeat(65)], 'a write carries 1 to 128 bytes; these are 130'],
  ])('a write with %j is used wrongly, and writes nothing', async (flags, message) => {
    const result = await run('block', 'write', '0', '16', ...flags);
    expect(result).toEqual({ code: 2, stdout: '', message });
    expect(host.written).toEqual([]);
  });

  test('a file that cannot be read is named', async () => {
    const { code, message } = await run('block', 'write', '0', '16', '--file', 'no/such/file');
    expect(code).toBe(2);
    expect(message).toMatch(/^--file: no\/such\/file cannot be read: .*ENOENT/);
  });

  test('a read is shown as xxd shows it, and whole as JSON', async () => {
    const { code, stdout } = await run('block', 'read', '0', '0x41', '--length', '18');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        '00000000: 4141 4141 4141 4141 4141 4141 4141 4141  AAAAAAAAAAAAAAAA',
        '00000010: 4141                                     AA',
        '',
      ].join('\n'),
    );
    const json = await run('block', 'read', '0', '0x41', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 0, hex: '41'.repeat(128) });
  });

  test('a write takes hexadecimal, text or a file', async () => {
    const file = join(state.files.root, 'block.bin');
    writeFileSync(file, Uint8Array.of(1, 0, 255));
    const results = [
      await run('block', 'write', '0', '16', '--hex', '0100 FF:02'),
      await run('block', 'write', '0', '17', '--text', 'hé'),
      await run('block', 'write', '0', '18', '--file', file),
    ];
    expect(results.map((result) => result.code)).toEqual([0, 0, 0]);
    expect(results[0]?.stdout).toBe(
      'VF 0, block 16: OID_SRIOV_WRITE_VF_CONFIG_BLOCK: NDIS_STATUS_SUCCESS\n',
    );
    expect(host.written).toEqual([
      [16, '0100ff02'],
      [17, '68c3a9'],
      [18, '0100ff'],
    ]);
  });
});

describe('invalidate', () => {
  test.each([[[]], [['--blocks', '0', '--mask', '0x1']]])(
    'with %j is used wrongly',
    async (flags) => {
      const { code, message } = await run('invalidate', '0', ...flags);
      expect([code, message]).toEqual([2, 'expected one of --blocks and --mask']);
      expect(host.world.hops('ndisMInvalidateConfigBlock')).toEqual([]);
    },
  );

  test.each([
    [['--blocks', '0, 5'], [0, 5], '0x0000000000000021, blocks 0, 5'],
    [['--mask', '0x8000000000000001'], [0, 63], '0x8000000000000001, blocks 0, 63'],
  ])('with %j tells the VF driver', async (flags, blocks, said) => {
    const { code, stdout } = await run('invalidate', '0', ...flags);
    const text = `VF 0: NdisMInvalidateConfigBlock with BlockMask ${said}\n`;
    expect([code, stdout]).toEqual([0, text]);
    await host.world.settled();
    expect(host.invalidated).toEqual([blocks]);
  });

  test('--json prints the mask', async () => {
    const { stdout } = await run('invalidate', '0', '--mask', '0x0', '--json');
    expect(JSON.parse(stdout)).toEqual({ mask: '0x0000000000000000' });
  });
});
