import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { expectFailure } from './support/expect-failure.ts';
import { Lab, type ListeningHost } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
let host: ListeningHost;
let old: ListeningHost;
beforeAll(async () => {
  lab = await Lab.create();
  await lab.copyDrivers();
  const notes = ['--pf-miniport', 'notes-pf.ts'];
  host = await lab.startHost(notes);
  const quirk = ['--write-size-quirk', '2018', '--protocol-version', '1.1'];
  old = await lab.startHost([...notes, ...quirk, '--state-dir', 'old']);
});
afterAll(() => lab.end());

const LINUX = ['--profile', 'linux', '--vf-miniport', 'notes-linux.ts'];
const WINDOWS = ['--profile', 'windows', '--vf-miniport', 'notes-vf.ts'];
const OLD = ['--state-dir', 'old'];

/** What a driver logs of the note that it wrote itself, when it was invalidated. */
function own(name: string): { readonly device: string; readonly blockId: number } {
  return { device: `${name}/0`, blockId: 1 };
}

describe.concurrent('a guest process', () => {
  test('of Windows attaches, reads, writes and is invalidated', async () => {
    const guest = await lab.attachGuest(host, 'windows', WINDOWS);
    await host.logged('note written', { note: 'windows/0 is here' });
    await guest.logged('note read', { ...own('windows'), note: 'windows/0 is here', status: 0 });
    guest.signal('SIGTERM');
    expect(await guest.ending()).toBe(EXIT.ok);
    await guest.logged('halted', { action: 'NdisHaltDeviceDisabled' });
  });

  test('of Linux attaches, reads, writes and is invalidated; short reads seem longer', async () => {
    const guest = await lab.attachGuest(host, 'linux', LINUX);
    await host.logged('note written', { note: 'linux/0 is here' });
    // Of the 15 bytes that are sent Linux takes 20: with 20 before them they make 35, rounded to 40.
    const note = { note: 'linux/0 is here', bytesReturned: 20, error: 0 };
    await guest.logged('note read', { ...own('linux'), ...note });
    guest.signal('SIGTERM');
    expect(await guest.ending()).toBe(EXIT.ok);
    await guest.logged('removed', { device: 'linux/0' });
  });

  test('of Linux runs a VF miniport as well', async () => {
    const flags = ['--profile', 'linux', '--vf-miniport', 'notes-vf.ts'];
    await lab.attachGuest(host, 'shim', flags);
    await host.logged('note written', { note: 'shim/0 is here' });
  });

  test('of Linux writes to a host of 2018, and one of Windows does not', async () => {
    await lab.attachGuest(old, 'padded', [...LINUX, ...OLD]);
    await old.logged('note written', { note: 'padded/0 is here' });
    const guest = lab.startGuest(old, 'bare', [...WINDOWS, ...OLD, '--no-retry']);
    const finished = await lab.finished(guest);
    const told = 'MiniportInitializeEx failed with NDIS_STATUS_FAILURE (initializeFailed)\n';
    expectFailure(finished, EXIT.failed, told);
  });

  test('of Linux that may only ask for what Linux does not speak is told so', async () => {
    const flags = [...LINUX, '--protocol-version', '1.6,1.5', '--no-retry'];
    const told =
      'a Linux guest speaks VPCI 1.4 and older, and is to ask for 1.6, 1.5 (noCommonVersion)\n';
    expectFailure(await lab.finished(lab.startGuest(host, 'new', flags)), EXIT.failed, told);
  });

  test('of Windows that is given a Linux VF driver says where that belongs', async () => {
    const flags = ['--vf-miniport', 'notes-linux.ts'];
    const told = 'give it to --vf-miniport of a guest with --profile linux, not as a VF miniport\n';
    expectFailure(await lab.finished(lab.startGuest(host, 'wrong', flags)), EXIT.failed, told);
  });

  test('that is started with its host speaks the version that both were given, and draws the hops of Linux', async () => {
    const drivers = ['--pf-miniport', 'hv-vhca', '--vf-miniport', 'hv-vhca'];
    const ports = ['--port', '0', '--control-port', '0', '--state-dir', 'ladder'];
    const flags = ['--profile', 'linux', '--protocol-version', '1.2'];
    const both = lab.start(['start', ...ports, ...flags, ...drivers]);
    await both.printed(/^Linux guest {4}VF = VF driver, .*, VPCI = pci-hyperv$/m);
    await both.printed(/◄─+│.*probe g1\/0/);
    await both.printed(/━+►│.*hyperv_reg_block_invalidate/);
    await both.printed(/◄╌+│.*hyperv_read_cfg_blk block 0 128 B/);
    await both.printed(/◄━+│.*block_invalidate mask 0x1/);
    await both.printed(/hyperv_write_cfg_blk block 1 128 B/);
    const list = await lab.run(['vf', 'list', '--state-dir', 'ladder', '--json']);
    expect(JSON.parse(list.stdout)).toMatchObject({ vfs: [{ protocolVersion: '1.2' }] });
    both.signal('SIGINT');
    expect(await both.ending()).toBe(EXIT.ok);
  });
});
