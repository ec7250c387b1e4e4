import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { expectFailure } from './support/expect-failure.ts';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
  await lab.write('broken.json', '{"host": ');
  await lab.write('key.json', '{"host": {"prot": 4040}}');
  await lab.write('value.json', '{"host": {"port": "many"}}');
});
afterAll(() => lab.end());

const NO_PORT = '"many" is not valid: expected a whole number from 0 to 65535\n';

interface Misuse {
  readonly what: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** What was given, and what is expected. */
  readonly told: readonly string[];
}

const MISUSES: readonly Misuse[] = [
  {
    what: 'a command that does not exist',
    args: ['hots'],
    told: ["unknown command 'hots'", 'the commands are: start, demo, host, guest, pf, vf,'],
  },
  {
    what: 'a flag that does not exist',
    args: ['host', '--prot', '1'],
    told: ["unknown option '--prot'", 'backchannel host takes: --listen, --port,'],
  },
  {
    what: 'a bad value of a flag',
    args: ['host', '--port', 'many'],
    told: [`--port <port>: ${NO_PORT}`],
  },
  {
    what: 'a settings file that is not there',
    args: ['host', '--config', 'no.json'],
    told: ['no.json: there is no such file; expected a file with settings as JSON\n'],
  },
  {
    what: 'a settings file that is not JSON',
    args: ['host', '--config', 'broken.json'],
    told: ['broken.json is not JSON: '],
  },
  {
    what: 'an unknown key in the settings file',
    args: ['host', '--config', 'key.json'],
    told: ['key.json: host.prot is no setting; there are: listen, port,'],
  },
  {
    what: 'a bad value in the settings file',
    args: ['host', '--config', 'value.json'],
    told: [`value.json: host.port: ${NO_PORT}`],
  },
  {
    what: 'an unknown variable',
    args: ['schema'],
    env: { BACKCHANNEL_PROT: '1' },
    told: ['BACKCHANNEL_PROT is no setting; there are: ', 'BACKCHANNEL_PORT, '],
  },
];

const ROWS = MISUSES.map((misuse) => [misuse.what, misuse] as const);

describe('the settings file of the folder that a command runs in', () => {
  test('is read without being named', async () => {
    await lab.write('folder/backchannel.json', '{"guest": {"vfs": 0}}');
    const run = await lab.run(['guest'], {}, 'folder');
    const told =
      'backchannel.json: guest.vfs: 0 is not valid: expected a whole number from 1 to 4096';
    expectFailure(run, EXIT.usage, told);
  });
});

describe.concurrent('a command that is used wrongly', () => {
  test.each(ROWS)('names %s, says what is expected, and ends with 2', async (_what, misuse) => {
    const run = await lab.run(misuse.args, misuse.env);
    expectFailure(run, EXIT.usage, ...misuse.told);
    expect(run.stdout).toBe('');
  });

  test('starts neither process of `start` when a setting of the guest is wrong', async () => {
    const run = await lab.run(['start', '--vfs', '0']);
    const told = '--vfs <count>: "0" is not valid: expected a whole number from 1 to 4096\n';
    expectFailure(run, EXIT.usage, told);
    expect(run.stdout).toBe('');
  });
});
