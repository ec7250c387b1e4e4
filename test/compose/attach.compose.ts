import { beforeAll, describe, expect, test } from 'vitest';
import { composeProject } from './compose-project.ts';
import {
  backchannel,
  type Container,
  configurationReads,
  exec,
  logText,
  tryExec,
} from './container.ts';
import { until } from './until.ts';

const project = composeProject('attach');

/** The VF of a guest: a guest is named after its container's host name. */
function isOf(guest: Container): (vf: { readonly device: string }) => boolean {
  return ({ device }) => device.startsWith(`${guest.Config.Hostname}-`);
}

async function everyContainer(): Promise<Container[]> {
  return [await project.host(), ...(await project.guests())];
}

describe('docker compose up --build --scale guest=4', () => {
  beforeAll(() => project.compose('up', '--build', '-d', '--scale', 'guest=4'));

  test('starts one host and four guests, and all become healthy', async () => {
    await project.reach('host', 1, 'healthy');
    await project.reach('guest', 4, 'healthy');
  });

  test('attaches a VF for each guest, with a VFId and a device of its own', async () => {
    const vfs = await project.runningVfs(4);
    expect(new Set(vfs.map(({ vfId }) => vfId)).size).toBe(4);
    expect(new Set(vfs.map(({ generation }) => generation)).size).toBe(4);
    const guests = await project.guests();
    const found = guests.map((guest) => vfs.filter(isOf(guest)).length);
    expect(found).toEqual([1, 1, 1, 1]);
    for (const guest of guests) {
      expect(await logText(guest)).toContain('configuration applied');
    }
  });

  test('runs no process as root, and none can become it', async () => {
    for (const container of await everyContainer()) {
      const fields = '^(Uid|CapEff|NoNewPrivs):';
      const status = await exec(container, 'sh', '-c', `grep -hE '${fields}' /proc/[0-9]*/status`);
      const values = (field: string): Set<string> =>
        new Set(
          [...status.matchAll(new RegExp(`^${field}:\\s+(.*)$`, 'gm'))].map(([, all]) => all ?? ''),
        );
      expect([...values('Uid')]).toEqual(['1000\t1000\t1000\t1000']);
      expect([...values('CapEff')]).toEqual(['0000000000000000']);
      expect([...values('NoNewPrivs')]).toEqual(['1']);
    }
  });

  test('lets no process change what it runs', async () => {
    for (const container of await everyContainer()) {
      const write = await tryExec(container, 'sh', '-c', 'echo >> /app/cli/main.ts');
      expect(write.code).not.toBe(0);
      expect(write.stderr).toContain('Read-only file system');
    }
  });

  test('carries an invalidation to the guest that it is for, which reads again', async () => {
    const vfs = await project.runningVfs(4);
    const guests = await project.guests();
    const target = guests.find((guest) => vfs.filter(({ vfId }) => vfId === 0).some(isOf(guest)));
    if (target === undefined) throw new Error('VF 0 is of no guest');
    const before = await Promise.all(guests.map(configurationReads));

    const host = await project.host();
    const { code, stdout } = await backchannel(host, 'invalidate', '0', '--blocks', '0');
    expect(code).toBe(0);
    expect(stdout).toContain('NdisMInvalidateConfigBlock');

    const expected = guests.map(
      (guest, index) => (before[index] ?? 0) + (guest === target ? 1 : 0),
    );
    const after = await until('the guest reads again', 10, async () => {
      const reads = await Promise.all(guests.map(configurationReads));
      const isDone = reads[guests.indexOf(target)] === expected[guests.indexOf(target)];
      return isDone ? { found: reads } : { seen: reads.join(', ') };
    });
    expect(after).toEqual(expected);
  });
});
