import { beforeAll, describe, expect, test } from 'vitest';
import { composeProject } from './compose-project.ts';
import { type Container, configurationReads, logText } from './container.ts';
import { docker } from './engine.ts';
import { until } from './until.ts';

const project = composeProject('health');

/** Waits until the health check of a container has run, and gives what it said last. */
function lastCheck({ Id }: Container): Promise<Container['State']['Health']['Log'][number]> {
  return until('the health check has run', 15, async () => {
    const { State } = await project.reload({ Id });
    const last = State.Health.Log.at(-1);
    return last === undefined ? { seen: State.Status } : { found: last };
  });
}

describe('the health of a guest', () => {
  test('does not come before there is a host, and its log says what it waits for', async () => {
    await project.up('--no-deps', 'guest');
    const guest = await project.first('guest');
    const check = await lastCheck(guest);
    expect(check.ExitCode).toBe(1);
    expect(check.Output).toMatch(/^503: .*"phase":"dialing"/);
    expect((await project.reload(guest)).State.Health.Status).not.toBe('healthy');
    expect(await logText(guest)).toMatch(/no channel token at .*; next try in \d+ ms/);
  });

  test('comes once the host is there', async () => {
    await project.up();
    await project.reach('guest', 1, 'healthy');
    await project.runningVfs(1);
  });
});

describe('the health of a host', () => {
  /** A PF miniport that takes longer to initialize than this test waits. */
  const DRIVER = `export default ({ clock }) => ({
    miniportInitializeEx: () => new Promise((done) => clock.setTimer(600_000, done)),
    miniportOidRequest: () => 0,
  });`;

  test('does not come before the PF is initialized', async () => {
    const file = '/state/control/pf.ts';
    const script = `printf '%s' "$0" > ${file} && exec node cli/backchannel.mjs host --pf-miniport ${file}`;
    const options = ['--entrypoint', 'sh'];
    const host = await project.runBeside('host', options, ['-c', script, DRIVER]);
    const check = await lastCheck(host);
    const { State } = await project.reload(host);
    await docker('rm', '--force', host.Id);
    expect(check.ExitCode).toBe(1);
    expect(check.Output).toMatch(/^port 4041 does not answer: .*ECONNREFUSED/);
    expect(State.Health.Status).toBe('starting');
    expect(State.Status).toBe('running');
  });
});

describe('a host that is restarted', () => {
  beforeAll(async () => {
    await project.up('--scale', 'guest=2');
    await project.reach('guest', 2, 'healthy');
  });

  test('leaves its guests unhealthy while it is away', async () => {
    await project.compose('stop', 'host');
    expect((await project.first('host')).State.ExitCode).toBe(0);
    for (const guest of await project.reach('guest', 2, 'unhealthy')) {
      expect(guest.State.Status).toBe('running');
      expect(guest.State.Health.Log.at(-1)?.Output).toMatch(/^503: .*"phase":"dialing"/);
      expect(await logText(guest)).toMatch(/the channel is lost: .*; next try in \d+ ms/);
    }
  });

  test('has them back as VF instances that it has allocated anew, and they read again', async () => {
    const guests = await project.containers('guest');
    const before = await Promise.all(guests.map(configurationReads));
    await project.compose('start', 'host');
    const vfs = await project.runningVfs(2);
    const startedAt = Date.parse((await project.first('host')).State.StartedAt);
    for (const { allocatedAt } of vfs) expect(Date.parse(allocatedAt)).toBeGreaterThan(startedAt);
    await project.reach('guest', 2, 'healthy');
    const after = await Promise.all(guests.map(configurationReads));
    expect(after).toEqual(before.map((reads) => reads + 1));
  });
});
