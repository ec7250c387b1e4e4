import { beforeAll, describe, expect, test } from 'vitest';
import type { VfAnswer } from '#host/control/api.ts';
import { composeProject } from './compose-project.ts';
import { vfsOf } from './container.ts';
import { docker } from './engine.ts';
import { endsDuring } from './engine-events.ts';

const project = composeProject('scale');

/** What tells one VF instance from every other. */
function identities(vfs: readonly VfAnswer[]): string[] {
  return vfs.map(({ vfId, device, generation }) => `VF ${vfId} ${device} ${generation}`);
}

function newest(vfs: readonly VfAnswer[]): number {
  return Math.max(...vfs.map(({ generation }) => generation));
}

describe('the number of guests', () => {
  beforeAll(async () => {
    await project.up('--scale', 'guest=4');
    await project.reach('guest', 4, 'healthy');
  });

  test('falls when one is killed: its VF is freed, and the others keep running', async () => {
    const before = await project.runningVfs(4);
    const victim = await project.first('guest');
    await docker('kill', victim.Id);
    const after = await project.runningVfs(3);
    const lost = vfsOf(victim, before);
    expect(lost).toHaveLength(1);
    expect(identities(after)).toEqual(identities(before.filter((vf) => !lost.includes(vf))));
    expect((await project.reload(victim)).State.ExitCode).toBe(137);
  });

  test('rises when it is started again, with a VF instance of a new generation', async () => {
    const before = await project.runningVfs(3);
    const victim = await project.first('guest');
    await docker('start', victim.Id);
    const after = await project.runningVfs(4);
    const [fresh] = vfsOf(victim, after);
    expect(fresh?.generation).toBeGreaterThan(newest(before));
    expect(identities(after)).toEqual(expect.arrayContaining(identities(before)));
    await project.reach('guest', 4, 'healthy');
  });

  test('is scaled down: those that leave end with 0, the others keep their VFs', async () => {
    const before = await project.runningVfs(4);
    const { exitCodes } = await endsDuring(project.name, 2, () => project.up('--scale', 'guest=2'));
    expect(Object.values(exitCodes)).toEqual([0, 0]);
    const after = await project.runningVfs(2);
    expect(identities(before)).toEqual(expect.arrayContaining(identities(after)));
    expect(await project.containers('guest')).toHaveLength(2);
  });

  test('is scaled up again: two more VFs of a new generation', async () => {
    const before = await project.runningVfs(2);
    await project.up('--scale', 'guest=4');
    await project.reach('guest', 4, 'healthy');
    const after = await project.runningVfs(4);
    expect(identities(after)).toEqual(expect.arrayContaining(identities(before)));
    const fresh = after.filter(({ generation }) => generation > newest(before));
    expect(fresh).toHaveLength(2);
  });
});
