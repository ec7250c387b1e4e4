import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { type BrokenDriver, UNLOADABLE, UNSTARTABLE } from './support/broken-drivers.ts';
import type { CommandProcess } from './support/command-process.ts';
import { expectFailure } from './support/expect-failure.ts';
import { type Finished, Lab, type ListeningHost } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
let host: ListeningHost;
let resident: CommandProcess;
beforeAll(async () => {
  lab = await Lab.create();
  host = await lab.startHost(['--protocol-version', '1.3,1.1']);
  resident = await lab.attachGuest(host, 'resident');
});

afterAll(() => lab.end());

/** Starts a guest that is not to come up, and waits for its end. */
async function failingGuest(name: string, ...flags: readonly string[]): Promise<Finished> {
  return await lab.finished(lab.startGuest(host, name, flags));
}

describe.concurrent('a guest whose host is not to be had', () => {
  const nowhere = { channelUrl: 'ws://127.0.0.1:1' };
  const refused = 'cannot reach the host at ws://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1';

  test('ends with 1 and a sentence when it is not to try again', async () => {
    const run = await lab.finished(lab.startGuest(nowhere, 'once', ['--no-retry']));
    expectFailure(run, EXIT.failed, `${refused}\n`);
  });

  test('says before each further try how long it waits, longer from try to try', async () => {
    const guest = lab.startGuest(nowhere, 'patient');
    const tries = await guest.until('three tries', () => {
      const lines = guest.log.filter(({ pauseMs }) => pauseMs !== undefined);
      return lines.length < 3 ? undefined : lines;
    });
    const pauses = tries.map(({ pauseMs }) => Number(pauseMs));
    expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
    expect(new Set(pauses).size).toBe(3);
    const messages = tries.map(({ msg }) => msg);
    expect(messages).toEqual(pauses.map((pause) => `${refused}; next try in ${pause} ms`));
    guest.signal('SIGINT');
    expect(await guest.ending()).toBe(EXIT.ok);
  });

  test('looks for the token again at each try, since a host may only be starting', async () => {
    const flags = ['--state-dir', 'not-yet'];
    const guest = lab.startGuest(host, 'early', flags);
    const waits = await guest.until('a try', () => guest.log.find(({ pauseMs }) => pauseMs));
    const file = lab.path('not-yet/channel/token');
    expect(waits.msg).toContain(`no channel token at ${file}: is a host running here?`);
    await lab.write('not-yet/channel/token', await lab.channelToken());
    await guest.logged('VF running', { device: 'early/0' });
    guest.signal('SIGTERM');
    expect(await guest.ending()).toBe(EXIT.ok);
  });
});

describe.concurrent('a guest that its host refuses', () => {
  test('because of a wrong token ends with 1 and a sentence', async () => {
    const told =
      "the host refused the channel (HTTP 401): wrong token: the channel needs the host's";
    expectFailure(await failingGuest('stranger', '--token', 'guessed'), EXIT.failed, told);
  });

  test('because they have no protocol version in common ends with 1 and a sentence', async () => {
    const told = 'the host accepts none of VPCI 1.6, 1.2 (noCommonVersion)\n';
    const flags = ['--protocol-version', '1.2,1.6'];
    expectFailure(await failingGuest('newer', ...flags), EXIT.failed, told);
  });
});

describe.concurrent('a VF miniport that', () => {
  const factory = 'expected: export default defineVfMiniport((adapter) => …)\n';
  const created = 'the VF miniport could not be created: PATH:';
  const drivers: readonly { readonly driver: BrokenDriver; readonly told: string }[] = [
    {
      driver: UNLOADABLE.missing,
      told: 'VF miniport missing.ts: there is no such file (PATH), and the built-in ones are: ',
    },
    { driver: UNLOADABLE.noExport, told: `PATH has no default export; ${factory}` },
    { driver: UNLOADABLE.syntax, told: 'VF miniport PATH could not be loaded: Transform failed' },
    { driver: UNLOADABLE.throws, told: 'VF miniport PATH could not be loaded: no licence\n' },
    { driver: UNSTARTABLE.factoryThrows, told: `${created} the factory threw: no adapter` },
    {
      driver: UNSTARTABLE.initializeThrows,
      told: 'MiniportInitializeEx failed with NDIS_STATUS_FAILURE: no memory',
    },
    {
      driver: UNSTARTABLE.initializeRejects,
      told: 'MiniportInitializeEx failed with NDIS_STATUS_FAILURE: no memory',
    },
    {
      driver: UNSTARTABLE.initializeFails,
      told: 'MiniportInitializeEx failed with NDIS_STATUS_RESOURCES',
    },
  ];

  const rows = drivers.map(({ driver, told }) => [driver.what, driver, told] as const);
  test.each(rows)('%s ends the guest with a sentence', async (_what, { file, text }, told) => {
    if (text !== undefined) await lab.write(file, text);
    const run = await failingGuest(`with-${file}`, '--vf-miniport', file);
    expectFailure(run, EXIT.failed, told.replace('PATH', lab.path(file)));
  });
});

describe('a guest that was there before all of these', () => {
  test('has the VF that it had, and has never lost it', async () => {
    const { vfs } = await (await lab.control(host)).listVfs();
    const its = vfs.filter(({ device }) => device === 'resident/0');
    expect(its).toMatchObject([{ state: 'running', generation: 1 }]);
    expect(resident.log.filter(({ msg }) => msg === 'VF running')).toHaveLength(1);
  });
});
