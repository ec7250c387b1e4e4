import { beforeAll, describe, expect, test } from 'vitest';
import { composeProject } from './compose-project.ts';
import { exec, logText, tryExec } from './container.ts';
import { docker, engineTime } from './engine.ts';
import { eventsSince } from './engine-events.ts';
import { until } from './until.ts';

const one = composeProject('one');
const other = composeProject('other');

const CHANNEL_TOKEN = '/state/channel/token';
const CONTROL_TOKEN = '/state/control/token';

/** The four secrets of the two projects. */
async function tokens(): Promise<string[]> {
  const hosts = await Promise.all([one.first('host'), other.first('host')]);
  const files = [CHANNEL_TOKEN, CONTROL_TOKEN];
  return Promise.all(hosts.flatMap((host) => files.map((file) => exec(host, 'cat', file))));
}

describe('the secrets', () => {
  beforeAll(async () => {
    await Promise.all([one.up('guest'), other.up('host')]);
    await Promise.all([one.reach('guest', 1, 'healthy'), other.reach('host', 1, 'healthy')]);
  });

  test('are not in the image', async () => {
    const options = ['--rm', '--name', `${one.name}-image`, '--entrypoint', 'find'];
    const found = await docker('run', ...options, 'sriov-backchannel', '/state', '-type', 'f');
    expect(found).toBe('');
  });

  test('are made at the first start, and no two are the same', async () => {
    const made = await tokens();
    for (const token of made) expect(token).toMatch(/^[\w-]{43}\n$/);
    expect(new Set(made).size).toBe(4);
  });

  test('can be read by the user that runs, and by no other', async () => {
    const host = await one.first('host');
    const modes = await exec(host, 'stat', '-c', '%a %u', CHANNEL_TOKEN, CONTROL_TOKEN);
    expect(modes).toBe('600 1000\n600 1000\n');
  });

  test('reach a guest as far as it needs them: the channel token, to read', async () => {
    const guest = await one.first('guest');
    expect(await exec(guest, 'find', '/state', '-type', 'f')).toBe(`${CHANNEL_TOKEN}\n`);
    const write = await tryExec(guest, 'sh', '-c', `echo mine > ${CHANNEL_TOKEN}`);
    expect(write.code).not.toBe(0);
    expect(write.stderr).toContain('Read-only file system');
    const host = await one.first('host');
    expect(await exec(guest, 'cat', CHANNEL_TOKEN)).toBe(await exec(host, 'cat', CHANNEL_TOKEN));
    expect([...host.Config.Env, ...guest.Config.Env].join('\n')).not.toContain('TOKEN');
  });

  test('are no use against the control API from a guest, which cannot reach it', async () => {
    const guest = await one.first('guest');
    const script = "fetch('http://host:4041/health').catch((e) => console.log(e.cause.code))";
    expect(await exec(guest, 'node', '-e', script)).toBe('ECONNREFUSED\n');
  });

  test('keep out a guest with another token: it ends, says why, and was never healthy', async () => {
    const since = await engineTime();
    const guest = await one.runBeside('guest', ['-e', 'BACKCHANNEL_TOKEN=another-token']);
    const ended = await until('the guest ends', 15, async () => {
      const now = await one.reload(guest);
      return now.State.Status === 'exited' ? { found: now } : { seen: now.State.Status };
    });
    expect(ended.State.ExitCode).toBe(1);
    expect(await logText(guest)).toMatch(/^backchannel: the host refused .*401.*: wrong token/m);
    const events = await eventsSince(since, one.name, 'health_status');
    const ofGuest = events.filter(({ Actor }) => Actor.Attributes.name === guest.Name);
    expect(ofGuest.map(({ Action }) => Action)).not.toContain('health_status: healthy');
    expect(await one.runningVfs(1)).toHaveLength(1);
  });
});
