import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import type { CommandProcess } from './support/command-process.ts';
import { expectFailure } from './support/expect-failure.ts';
import { Lab } from './support/lab.ts';
import { untilGone } from './support/until-gone.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.end());

/** Starts both sides in a state folder of their own. */
function start(state: string, ...flags: readonly string[]): CommandProcess {
  const ports = ['--port', '0', '--control-port', '0'];
  return lab.start(['start', ...ports, '--state-dir', state, ...flags]);
}

/** The process ids that the banner of `start` names. */
async function pidsOf(
  both: CommandProcess,
): Promise<{ readonly host: number; readonly guest: number }> {
  const [, host] = await both.printed(/^management OS {2}process (\d+)$/m);
  const [, guest] = await both.printed(/^guest OS {7}process (\d+), g1$/m);
  return { host: Number(host), guest: Number(guest) };
}

/** Some of what an invalidation goes through, as the ladder names it. */
const INVALIDATION = [
  'NdisMInvalidateConfigBlock mask 0x1',
  'IOCTL_VPCI_INVALIDATE_BLOCK 0 B mask 0x1 STATUS_SUCCESS',
  'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK mask 0x1 NDIS_STATUS_SUCCESS',
];

/** Some of what the end goes through: the guest's part, and the host's. */
const FAREWELL = ['MiniportHaltEx g1/0 (NdisHaltDeviceDisabled)', 'FDO_D0_EXIT #'];
const RELEASE = ['OID_SRIOV_RESET_VF', 'OID_NIC_SWITCH_FREE_VF', 'OID_NIC_SWITCH_DELETE_SWITCH'];

const RUNNING = /· g1: {2}configuration applied/;

/** Saves the NIC configuration with another MTU for VF 0. */
async function saveMtu(file: string, mtu: number): Promise<void> {
  const configuration = JSON.parse(await readFile(lab.path(file), 'utf8'));
  configuration.vfs['0'].mtu = mtu;
  await lab.write(file, JSON.stringify(configuration));
}

/** Those names that a ladder has, in the order of their first appearance. */
function order(ladder: string, names: readonly string[]): readonly string[] {
  const drawn = names.filter((name) => ladder.includes(name));
  return drawn.sort((left, right) => ladder.indexOf(left) - ladder.indexOf(right));
}

describe.concurrent('start, when a process of it does not come up,', () => {
  test('says which miniport of the PF cannot be loaded, and ends with 1', async () => {
    const both = start('no-pf', '--pf-miniport', 'no-pf.ts');
    const told =
      'the host process ended with exit code 1: PF miniport no-pf.ts: there is no such file';
    expectFailure(await lab.finished(both), EXIT.failed, told);
  });

  test('says which miniport of the VF cannot be loaded, ends the host, and ends with 1', async () => {
    const both = start('no-vf', '--vf-miniport', 'no-vf.ts');
    const told =
      'the guest process ended with exit code 1: VF miniport no-vf.ts: there is no such file';
    expectFailure(await lab.finished(both), EXIT.failed, told);
    expect(both.stdout).toContain('· host:  down\n');
  });
});

describe.concurrent('start, when a process of it dies,', () => {
  test('says that it was the guest, ends the host in good order, and ends with 1', async () => {
    const both = start('guest-dies');
    const { host, guest } = await pidsOf(both);
    await both.printed(RUNNING);
    process.kill(guest, 'SIGKILL');
    const told = 'the guest process was ended by a signal\n';
    expectFailure(await lab.finished(both), EXIT.failed, told);
    expect(both.stdout).toContain('· host:  down\n');
    await untilGone(host);
  });

  test('says that it was the host, ends the guest in good order, and ends with 1', async () => {
    const both = start('host-dies');
    const { host, guest } = await pidsOf(both);
    await both.printed(RUNNING);
    process.kill(host, 'SIGKILL');
    const told = 'the host process was ended by a signal\n';
    expectFailure(await lab.finished(both), EXIT.failed, told);
    expect(both.stdout).toContain('· g1:  down\n');
    await untilGone(guest);
  });

  test('and it is start itself, leaves neither behind', async () => {
    const both = start('start-dies');
    const { host, guest } = await pidsOf(both);
    await both.printed(RUNNING);
    await both.kill();
    await Promise.all([untilGone(host), untilGone(guest)]);
  });
});

describe.concurrent('start', () => {
  test('draws what follows when the NIC configuration is saved, until it is interrupted', async () => {
    const both = start('both', '--vfs', '2');
    const { host, guest } = await pidsOf(both);
    await both.printed(/^configuration {2}both\/nic\.json: save a change, and watch it travel$/m);
    await both.printed(/configuration applied {2}device g1\/0/);
    await both.printed(/configuration applied {2}device g1\/1/);

    const mark = both.stdout.length;
    await saveMtu('both/nic.json', 1400);
    await both.printed(/configuration applied {2}device g1\/0 .*mtu 1400/);
    for (const hop of INVALIDATION) {
      await both.until(hop, () => both.stdout.includes(hop, mark) || undefined);
    }
    const end = both.stdout.length;

    both.signal('SIGINT');
    expect(await both.ending()).toBe(EXIT.ok);
    expect(order(both.stdout.slice(end), FAREWELL)).toEqual(FAREWELL);
    expect(order(both.stdout.slice(end), RELEASE)).toEqual(RELEASE);
    expect(both.stderr).toBe('');
    expect(both.stdout).toMatch(/\nAll processes have ended\.\n$/);
    await Promise.all([untilGone(host), untilGone(guest)]);
  });

  test('runs a guest on each of several PFs, with the VF miniport that belongs to it', async () => {
    const all = start('several', '--pf', 'net=reference', '--pf', 'vhca=hv-vhca');
    await all.printed(/^guest OS {7}process \d+, g1 on PF net$/m);
    await all.printed(/^guest OS {7}process \d+, g2 on PF vhca$/m);
    await all.printed(/· g1: {2}configuration applied {2}device g1\/0/);
    await all.printed(/· g2: {2}hv_vhca command taken {2}device g2\/0/);
    await all.printed(/ READ_BLOCK block 0 128 B .*g2\/0 vhca VF 0/);
    all.signal('SIGINT');
    expect(await all.ending()).toBe(EXIT.ok);
    expect(all.stderr).toBe('');
  });
});
