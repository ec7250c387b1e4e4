import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ControlClient } from '#cli/control/control-client.ts';
import { EXIT } from '#cli/failure.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { FAULT } from './drivers/faults.ts';
import type { CommandProcess } from './support/command-process.ts';
import { expectFailure } from './support/expect-failure.ts';
import { Lab, type ListeningHost } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const PFS = [
  { name: 'net', nicConfig: 'nic.json', numVfs: 2 },
  { name: 'vhca', pfMiniport: 'hv-vhca', pfConfig: { StatsCommand: '1' } },
  { name: 'faulty', pfMiniport: 'faulty-pf.ts', oidTimeout: 1 },
];

let lab: Lab;
let host: ListeningHost;
let onNet: CommandProcess;
let onVhca: CommandProcess;
beforeAll(async () => {
  lab = await Lab.create();
  await lab.copyDrivers();
  await lab.write('nic.json', JSON.stringify({ defaults: { mtu: 4000 } }));
  await lab.write('host.json', JSON.stringify({ host: { numVfs: 8, pfs: PFS } }));
  host = await lab.startHost(['--config', 'host.json']);
  onNet = await lab.attachGuest(host, 'on-net', ['--pf', 'net']);
  onVhca = await lab.attachGuest(host, 'on-vhca', ['--pf', 'vhca', '--vf-miniport', 'hv-vhca']);
});
afterAll(() => lab.end());

function operator(pf: string): Promise<ControlClient> {
  return lab.control(host, pf);
}

/** Runs an operator command on the host. */
function command(...args: readonly string[]): ReturnType<Lab['run']> {
  return lab.run([...args, '--state-dir', 'state']);
}

describe.concurrent('a host with several PFs', () => {
  test('that does not find the miniport of one ends with 1, and says which it is', async () => {
    const flags = ['--pf', 'net=reference', '--pf', 'other=missing.ts'];
    const run = await lab.run(['host', '--state-dir', 'failing', '--port', '0', ...flags]);
    expectFailure(run, EXIT.failed, 'PF miniport missing.ts: there is no such file');
  });

  test('of which one does not initialize ends with 1, and says which it is', async () => {
    const flags = ['--pf', 'net=reference', '--pf', 'vhca=hv-vhca'];
    const config = ['--pf-config', 'StatsCommand=never'];
    const ports = ['--state-dir', 'failing', '--port', '0'];
    const run = await lab.run(['host', ...ports, ...flags, ...config]);
    expectFailure(run, EXIT.failed, 'PF vhca: the PF miniport did not initialize: ');
    expect(run.stdout).toContain('StatsCommand');
  });

  test('refuses a guest that names none of them, for good', async () => {
    const run = await lab.finished(lab.startGuest(host, 'lost', ['--pf', 'nowhere']));
    expectFailure(run, EXIT.failed, 'this host has no PF "nowhere" (noSuchPf)\n');
    expect(run.stderr).not.toContain('vhca');
  });

  test('refuses a guest when the VFs of its PF are allocated, though others are left', async () => {
    const second = await lab.attachGuest(host, 'second', ['--vf-miniport', 'null'], 1);
    const late = await lab.finished(lab.startGuest(host, 'late', ['--pf', 'net']));
    expectFailure(late, EXIT.failed, 'NumVFs exhausted: 2 of 2 VFs are allocated (noVfLeft)\n');
    second.signal('SIGTERM');
    expect(await second.ending()).toBe(EXIT.ok);
  });
});

describe('the PFs of a host', () => {
  test('serve the guests that named them, each with a VFId of its own', async () => {
    await onNet.logged('configuration applied', { device: 'on-net/0', mtu: 4000 });
    await onVhca.logged('hv_vhca command taken', { device: 'on-vhca/0' });
    await host.logged('hv_vhca statistics', { pf: 'vhca', vfId: 0 });
    await host.logged('VF running', { pf: 'net', vfId: 0, device: 'on-net/0' });
    await host.logged('VF running', { pf: 'vhca', vfId: 0, device: 'on-vhca/0' });
  });

  test('are told apart by an operator', async () => {
    expect(await command('block', 'read', '0', '0')).toMatchObject({
      ending: EXIT.failed,
      stderr: 'backchannel: which PF? This host has: net, vhca, faulty; name it with --pf\n',
    });
    const [net, vhca] = await Promise.all([operator('net'), operator('vhca')]);
    const [atNet, atVhca] = [await net.readBlock(0, 0, 128), await vhca.readBlock(0, 0, 128)];
    expect([atNet.status, atVhca.status]).toEqual([0, 0]);
    expect(atNet.hex).not.toBe(atVhca.hex);
    const { stdout } = await command('vf', 'list');
    expect(stdout).toMatch(/^net +0 +on-net\/0 +running/m);
    expect(stdout).toMatch(/^vhca +0 +on-vhca\/0 +running/m);
    expect((await command('pf', 'list')).stdout).toMatch(/^vhca +hv-vhca +1 +8$/m);
  });

  test('may each have a VF of one guest', async () => {
    const flags = ['--pf', 'vhca', '--pf', 'faulty', '--vf-miniport', 'null'];
    const both = lab.startGuest(host, 'both', flags);
    await host.logged('VF running', { pf: 'vhca', device: 'both/0' });
    await host.logged('VF running', { pf: 'faulty', device: 'both/1' });
    both.signal('SIGTERM');
    expect(await both.ending()).toBe(EXIT.ok);
    await host.logged('VF freed', { pf: 'faulty', device: 'both/1' });
  });

  test('go on while another holds a request until its own limit', async () => {
    const flags = ['--pf', 'faulty', '--vf-miniport', 'notes-vf.ts'];
    await lab.attachGuest(host, 'on-faulty', flags);
    const [faulty, net] = await Promise.all([operator('faulty'), operator('net')]);
    let isHeld = true;
    const held = faulty.readBlock(0, FAULT.neverCompletes, 1).finally(() => {
      isHeld = false;
    });
    for (let each = 0; each < 3; each++)
      expect(await net.readBlock(0, 0, 8)).toHaveProperty('status', 0);
    expect(isHeld).toBe(true);
    expect((await held).status).toBe(NDIS_STATUS.NDIS_STATUS_REQUEST_ABORTED);
    expect([onNet.isRunning, onVhca.isRunning]).toEqual([true, true]);
  });
});
