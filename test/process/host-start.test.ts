import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { type BrokenDriver, UNLOADABLE, UNSTARTABLE } from './support/broken-drivers.ts';
import { expectFailure } from './support/expect-failure.ts';
import { type Finished, Lab, type ListeningHost } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
let other: ListeningHost;
beforeAll(async () => {
  lab = await Lab.create();
  other = await lab.startHost();
});
afterAll(() => lab.end());

/** Starts a host that is not to come up; of a flag that is given twice the last counts. */
function failingHost(...flags: readonly string[]): Promise<Finished> {
  const ports = ['--port', '0', '--control-port', '0'];
  return lab.run(['host', ...ports, '--state-dir', 'failing', ...flags]);
}

function portOf(url: string): string {
  return new URL(url).port;
}

describe.concurrent('a host that cannot listen ends with 1 and', () => {
  const inUse = 'the port is in use; is another host running? Choose another port with';

  test('names the address of the channel that is in use', async () => {
    const port = portOf(other.channelUrl);
    const run = await failingHost('--port', port);
    expectFailure(run, EXIT.failed, `cannot listen on 127.0.0.1:${port}: ${inUse} --port.\n`);
  });

  test('names the address of the control API that is in use', async () => {
    const port = portOf(other.controlUrl);
    const run = await failingHost('--control-port', port);
    expectFailure(
      run,
      EXIT.failed,
      `cannot listen on 127.0.0.1:${port}: ${inUse} --control-port.\n`,
    );
  });

  test('leaves the host alone that it shares the state folder with', async () => {
    const port = portOf(other.controlUrl);
    expectFailure(await failingHost('--state-dir', 'state', '--control-port', port), EXIT.failed);
    const list = await lab.run(['vf', 'list', '--state-dir', 'state', '--json']);
    expect(list).toMatchObject({ ending: EXIT.ok, stderr: '' });
    expect(JSON.parse(list.stdout)).toEqual({ numPfs: 1, numVfs: 64, vfs: [] });
  });
});

describe.concurrent('a state folder that cannot be used', () => {
  test('because it is a file ends the host with a sentence', async () => {
    const run = await failingHost('--state-dir', await lab.write('a-file', ''));
    expectFailure(run, EXIT.failed, `the state folder ${lab.path('a-file')} cannot be used: `);
  });

  test('because its token is empty ends the host with a sentence', async () => {
    const file = await lab.write('emptied/channel/token', '\n');
    const run = await failingHost('--state-dir', 'emptied');
    expectFailure(run, EXIT.failed, `${lab.path(file)} holds no token; remove it, and `);
  });
});

describe.concurrent('a NIC configuration that', () => {
  test.each<[string, string | undefined, string]>([
    ['is not there', undefined, 'found no such file, expected a NIC configuration file\n'],
    [
      'is not JSON',
      '{\n  "defaults": {\n    "mtu": ,\n',
      ':3:12: defaults.mtu: found ,, expected ',
    ],
    [
      'is not valid',
      '{\n  "defaults": {\n    "mtu": 20000\n  }\n}',
      ':3:12: defaults.mtu: found 20000, expected a whole number from 576 to 9216\n',
    ],
  ])('%s ends the host with a sentence that names the place', async (what, text, problem) => {
    const file = `${what.replaceAll(' ', '-')}.json`;
    if (text !== undefined) await lab.write(file, text);
    const run = await failingHost('--nic-config', file);
    expectFailure(run, EXIT.failed, `the PF miniport did not initialize: ${file}:`, problem);
  });
});

describe.concurrent('a PF miniport that', () => {
  const factory = 'expected: export default definePfMiniport((adapter) => …)\n';
  const drivers: readonly { readonly driver: BrokenDriver; readonly told: string }[] = [
    {
      driver: UNLOADABLE.missing,
      told: 'PF miniport missing.ts: there is no such file (PATH), and the built-in ones are: ',
    },
    { driver: UNLOADABLE.noExport, told: `PATH has no default export; ${factory}` },
    { driver: UNLOADABLE.syntax, told: 'PF miniport PATH could not be loaded: Transform failed' },
    {
      driver: UNLOADABLE.syntaxOfJavaScript,
      told: "PF miniport PATH could not be loaded: Unexpected token ';' (PATH:2)\n",
    },
    { driver: UNLOADABLE.throws, told: 'PF miniport PATH could not be loaded: no licence\n' },
    { driver: UNSTARTABLE.factoryThrows, told: 'PATH: the factory threw: no adapter\n' },
    {
      driver: UNSTARTABLE.initializeThrows,
      told: 'the PF miniport did not initialize: no memory\n',
    },
    {
      driver: UNSTARTABLE.initializeRejects,
      told: 'the PF miniport did not initialize: no memory\n',
    },
    {
      driver: UNSTARTABLE.initializeFails,
      told: 'did not initialize: MiniportInitializeEx returned NDIS_STATUS_RESOURCES\n',
    },
  ];

  const rows = drivers.map(({ driver, told }) => [driver.what, driver, told] as const);
  test.each(rows)('%s ends the host with a sentence', async (_what, { file, text }, told) => {
    if (text !== undefined) await lab.write(file, text);
    const run = await failingHost('--pf-miniport', file);
    expectFailure(run, EXIT.failed, told.replaceAll('PATH', lab.path(file)));
  });
});
