import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OperatedHost, TOKEN } from '#test/host/control/operated-host.ts';
import { type CommandResult, runCommand } from './command-run.ts';
import { OperatedState } from './operated-state.ts';

let host: OperatedHost;
let state: OperatedState;

beforeEach(async () => {
  host = await OperatedHost.start({ pfs: ['left', 'right'] });
  state = new OperatedState();
  state.writeEndpoint(JSON.stringify({ url: host.url, pid: 1 }));
  state.writeToken(`${TOKEN}\n`);
  host.asked.length = 0;
});

afterEach(async () => {
  state.remove();
  await host.end();
});

function run(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, state.env);
}

const ON_A_VF: readonly (readonly string[])[] = [
  ['vf', 'show', '0'],
  ['vf', 'reset', '0'],
  ['vf', 'eject', '0'],
  ['block', 'read', '0', '0'],
  ['block', 'write', '0', '0', '--text', 'x'],
  ['invalidate', '0', '--blocks', '0'],
];

describe.each(ON_A_VF.map((args) => [args.join(' '), args] as const))('%s', (_name, args) => {
  test('of a host with several PFs says to name one', async () => {
    expect(await run(...args)).toEqual({
      code: 1,
      stdout: '',
      message: 'which PF? This host has: left, right; name it with --pf',
    });
  });

  test('of a PF that is not there says which are', async () => {
    const message =
      'there is no PF middle; this host has: left, right; `backchannel pf list` shows them';
    expect(await run(...args, '--pf', 'middle')).toEqual({ code: 1, stdout: '', message });
  });

  test('of a PF that is named is asked of that one', async () => {
    const { code, stdout } = await run(...args, '--pf', 'right');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(PF +right|VF 0 of PF right[:,] |00000000: )/);
    expect(host.asked.filter((each) => !each.startsWith('right: '))).toEqual([]);
  });
});

describe('the lists', () => {
  test('of VFs have a column for the PF, and only the VFs of one that is named', async () => {
    const all = (await run('vf', 'list')).stdout.split('\n');
    expect(all[0]).toMatch(/^PF +VF +DEVICE +STATE/);
    expect(all[1]).toMatch(/^left +0 +g1\/0 +running/);
    expect(all[2]).toMatch(/^right +0 +g1\/1 +running/);
    expect(all.at(-2)).toBe('2 of 8 VFs allocated');
    const one = (await run('vf', 'list', '--pf', 'right')).stdout.split('\n');
    expect(one[0]).toMatch(/^PF +VF +DEVICE +STATE/);
    expect(one[1]).toMatch(/^right +0 +g1\/1 +running/);
    expect(one.at(-2)).toBe('1 of 4 VFs allocated');
  });

  test('of PFs have each with its driver, its VFs and NumVFs', async () => {
    expect((await run('pf', 'list')).stdout).toBe(
      [
        'PF     DRIVER   ALLOCATED VFS  NUMVFS',
        'left   mine.ts              1       4',
        'right  mine.ts              1       4',
        '',
      ].join('\n'),
    );
    const { pfs } = JSON.parse((await run('pf', 'list', '--json')).stdout);
    expect(pfs[1]).toEqual({ name: 'right', driver: 'mine.ts', numVfs: 4, allocatedVfs: 1 });
  });

  test('show of a PF what NDIS tells of it', async () => {
    const { stdout } = await run('pf', 'show', 'right');
    for (const line of [
      /^PF +right$/m,
      /^driver +mine\.ts$/m,
      /^LUID +0x[0-9a-f]{16}$/m,
      /^NumVFs +4$/m,
      /^NIC switches +0 Default NIC switch: \d of 5 VPorts active$/m,
      /^allocated VFs +1\n +0 g1--1, MAC 02:15:5d:00:00:02$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(await run('pf', 'show', 'middle')).toMatchObject({ code: 1, stdout: '' });
  });
});
