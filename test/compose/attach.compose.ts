import { beforeAll, describe, expect, test } from 'vitest';
import { composeProject } from './compose-project.ts';
import {
  backchannel,
  type Container,
  configurationReads,
  exec,
  logText,
  tryExec,
  vfsOf,
} from './container.ts';
import { until } from './until.ts';

const project = composeProject('attach');

async function everyContainer(): Promise<Container[]> {
  return [...(await project.containers('host')), ...(await project.containers('guest'))];
}

/** What the processes of a container have in this field of their status, each value once. */
function ofEachProcess(container: Container, field: string): Promise<string> {
  const script = `grep -hs '^${field}:' /proc/[0-9]*/status | cut -f 2- | sort -u`;
  return exec(container, 'sh', '-c', script);
}

describe('docker compose up --build --scale guest=4', () => {
  beforeAll(() => project.up('--build', '--scale', 'guest=4'));

  test('starts one host and four guests, and all become healthy', async () => {
    await project.reach('host', 1, 'healthy');
    await project.reach('guest', 4, 'healthy');
  });

  test('attaches a VF for each guest, with a VFId and a device of its own', async () => {
    const vfs = await project.runningVfs(4);
    expect(new Set(vfs.map(({ vfId }) => vfId)).size).toBe(4);
    expect(new Set(vfs.map(({ generation }) => generation)).size).toBe(4);
    const guests = await project.containers('guest');
    const found = guests.map((guest) => vfsOf(guest, vfs).length);
    expect(found).toEqual([1, 1, 1, 1]);
    for (const guest of guests) {
      expect(await logText(guest)).toContain('configuration applied');
    }
  });

  test('runs no process as root, and none can become it', async () => {
    for (const container of await everyContainer()) {
      expect(await ofEachProcess(container, 'Uid')).toBe('1000\t1000\t1000\t1000\n');
      expect(await ofEachProcess(container, 'CapEff')).toBe('0000000000000000\n');
      expect(await ofEachProcess(container, 'NoNewPrivs')).toBe('1\n');
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
    const guests = await project.containers('guest');
    const target = guests.find((guest) => vfsOf(guest, vfs).some(({ vfId }) => vfId === 0));
    if (target === undefined) throw new Error('VF 0 is of no guest');
    const before = await Promise.all(guests.map(configurationReads));

    const host = await project.first('host');
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
