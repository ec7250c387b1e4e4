import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import type { CommandProcess } from './support/command-process.ts';
import { expectFailure } from './support/expect-failure.ts';
import { Lab, type ListeningHost } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const NIC_CONFIG = 'nic.json';

let lab: Lab;
let host: ListeningHost;
let resident: CommandProcess;
beforeAll(async () => {
  lab = await Lab.create();
  await configure({ defaults: { mtu: 1500 } });
  host = await lab.startHost(['--num-vfs', '4', '--nic-config', NIC_CONFIG]);
  resident = await lab.attachGuest(host, 'resident');
});
afterAll(() => lab.end());

async function configure(configuration: object): Promise<void> {
  await lab.write(NIC_CONFIG, JSON.stringify(configuration, undefined, 2));
}

/** The VFs of the host, as its control API tells. */
async function devices(): Promise<readonly string[]> {
  const { vfs } = await (await lab.control(host)).listVfs();
  return vfs.map(({ device, state }) => `${device} ${state}`).sort();
}

/** Waits until the host has freed these VFs. */
async function freed(...names: readonly string[]): Promise<void> {
  for (const device of names) await host.logged('VF freed', { device });
}

const RESIDENT = 'resident/0 running';

describe('a running host', () => {
  test('refuses a guest when NumVFs VFs are allocated; the guests that have them run on', async () => {
    const three = await lab.attachGuest(host, 'three', [], 3);
    const late = await lab.finished(lab.startGuest(host, 'late'));
    const told = 'NumVFs exhausted: 4 of 4 VFs are allocated (noVfLeft)\n';
    expectFailure(late, EXIT.failed, told);
    const running = ['three/0', 'three/1', 'three/2'].map((device) => `${device} running`);
    expect(await devices()).toEqual([RESIDENT, ...running]);
    three.signal('SIGTERM');
    expect(await three.ending()).toBe(EXIT.ok);
    await freed('three/0', 'three/1', 'three/2');
    expect(await devices()).toEqual([RESIDENT]);
  });

  test('frees the VFs of a guest that is killed; the others run on', async () => {
    const victim = await lab.attachGuest(host, 'victim', [], 2);
    await victim.kill();
    await freed('victim/0', 'victim/1');
    expect(await devices()).toEqual([RESIDENT]);
    expect(resident.isRunning).toBe(true);
  });

  test('takes a VF away when an operator ejects it, which ends its guest in good order', async () => {
    const leaving = await lab.attachGuest(host, 'leaving');
    const control = await lab.control(host);
    const { vfs } = await control.listVfs();
    await control.ejectVf(vfs.find(({ device }) => device === 'leaving/0')?.vfId ?? -1);
    expect(await leaving.ending()).toBe(EXIT.ok);
    await freed('leaving/0');
    expect(await devices()).toEqual([RESIDENT]);
  });

  test('lists its VFs to who asks with the token of its state folder', async () => {
    const list = await lab.run(['vf', 'list', '--state-dir', 'state']);
    expect(list).toMatchObject({ ending: EXIT.ok, stderr: '' });
    expect(list.stdout).toMatch(/resident\/0.*running/);
  });
});

describe('the NIC configuration of a running host', () => {
  test('stays in force when its file is broken; the place of the mistake is logged', async () => {
    await lab.write(NIC_CONFIG, '{\n  "defaults": { "mtu": 9000 "vlan": 7 }\n}');
    const refusal = 'NIC configuration refused, the one before it stays in force';
    const line = await host.logged(refusal);
    expect(line.level).toBe(50);
    expect(line['problems']).toEqual([expect.stringMatching(/^nic\.json:2:29: /)]);
    const applied = resident.log.filter(({ msg }) => msg === 'configuration applied');
    expect(applied.map(({ mtu }) => mtu)).toEqual([1500]);
  });

  test('is applied by a VF once its file is mended', async () => {
    const mark = resident.log.length;
    await configure({ defaults: { mtu: 9000, vlan: 7 } });
    const applied = await resident.logged('configuration applied', {}, mark);
    expect(applied).toMatchObject({ device: 'resident/0', mtu: 9000, vlan: 7 });
  });
});
