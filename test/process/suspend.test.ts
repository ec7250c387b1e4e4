import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import type { CommandProcess } from './support/command-process.ts';
import { Lab, type ListeningHost } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
let host: ListeningHost;
beforeAll(async () => {
  lab = await Lab.create();
  host = await lab.startHost(['--eject-timeout', '1']);
});

afterAll(() => lab.end());

/** A guest whose VFs run, and what takes it to sleep and wakes it. */
async function sleeper(name: string, vfs = 1) {
  const guest = await lab.attachGuest(host, name, ['--health-port', '0'], vfs);
  const { port } = await guest.logged('health port open');
  const command = async (what: 'suspend' | 'resume') => {
    const run = await lab.run([what, '--health-port', String(port), '--json']);
    expect(run).toMatchObject({ ending: EXIT.ok, stderr: '' });
    return JSON.parse(run.stdout) as unknown;
  };
  return { guest, command };
}

/** How often a VF has found its configuration unchanged. */
function reads(guest: CommandProcess, device: string): number {
  return guest.log.filter((line) => {
    return line.msg === 'configuration unchanged' && line['device'] === device;
  }).length;
}

/** The VFs of one guest, as the host sees them. */
async function vfsOf(name: string) {
  const { vfs } = await (await lab.control(host)).listVfs();
  return vfs.filter(({ device }) => device.startsWith(`${name}/`));
}

describe.concurrent('a guest process that is suspended', () => {
  test('keeps its VFs, is told when it wakes of what changed meanwhile, and reads it', async () => {
    const { guest, command } = await sleeper('dozy', 2);
    const before = await vfsOf('dozy');
    expect(await command('suspend')).toEqual({
      vfs: [
        { device: 'dozy/0', phase: 'suspended' },
        { device: 'dozy/1', phase: 'suspended' },
      ],
    });
    expect(await vfsOf('dozy')).toMatchObject([
      { state: 'halted', devicePowerState: 'NdisDeviceStateD3' },
      { state: 'halted', devicePowerState: 'NdisDeviceStateD3' },
    ]);
    const [vf] = before;
    const control = await lab.control(host);
    await control.invalidate(vf?.vfId ?? -1, 1n);
    expect((await control.showVf(vf?.vfId ?? -1)).pendingMask).toBe('0x0000000000000001');
    expect(await command('resume')).toMatchObject({
      vfs: [{ phase: 'running' }, { phase: 'running' }],
    });
    // Each VF looks at its configuration when it wakes; the one that was invalidated looks again.
    await guest.until('VF 0 has read again', () => reads(guest, 'dozy/0') > 1 || undefined);
    expect(reads(guest, 'dozy/1')).toBe(1);
    expect(await vfsOf('dozy')).toMatchObject(
      before.map(({ vfId, generation }) => ({
        vfId,
        generation,
        state: 'running',
        pendingMask: '0x0000000000000000',
      })),
    );
    guest.signal('SIGTERM');
    expect(await guest.ending()).toBe(EXIT.ok);
  });

  test('and is ejected loses its VF when it sleeps too long', async () => {
    const { guest, command } = await sleeper('late');
    const [vf] = await vfsOf('late');
    await command('suspend');
    await (await lab.control(host)).ejectVf(vf?.vfId ?? -1);
    await guest.logged('VF gone', { device: 'late/0' });
    expect(await guest.ending()).toBe(EXIT.ok);
    expect(await vfsOf('late')).toEqual([]);
  });

  test('and is stopped ends at once', async () => {
    const { guest, command } = await sleeper('off');
    await command('suspend');
    guest.signal('SIGTERM');
    expect(await guest.ending()).toBe(EXIT.ok);
    await host.logged('VF freed', { device: 'off/0' });
  });
});
