import { Writable } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registerTrace } from '#cli/commands/trace.ts';
import { OperatedHost, TOKEN } from '#test/host/control/operated-host.ts';
import { until } from '#test/kit/world/turn.ts';
import { CommandRun, runCommand } from './command-run.ts';
import { OperatedState } from './operated-state.ts';

let host: OperatedHost;
let state: OperatedState;

beforeEach(async () => {
  host = await OperatedHost.start({ traceHistory: 1_000 });
  state = new OperatedState();
  state.writeEndpoint(JSON.stringify({ url: host.url, pid: 1 }));
  state.writeToken(TOKEN);
});

afterEach(async () => {
  state.remove();
  await host.end();
});

function record(name: string): void {
  host.world.trace.record({ hop: 'oidRequest', name, vfId: 0 });
}

function run(...args: readonly string[]) {
  return runCommand(['trace', ...args], state.env);
}

/** Follows the trace, and waits until the first line has come. */
async function follow(...args: readonly string[]): Promise<CommandRun> {
  const running = new CommandRun(['trace', '--follow', '--json', ...args], state.env);
  await until('a followed line', () => {
    record('probe');
    return running.stdout !== '';
  });
  return running;
}

describe('trace', () => {
  test.each([
    [['--filter', 'colour=red'], /^--filter: unknown key "colour"/],
    [['--format', 'xml'], /Allowed choices are ladder, lines, json/],
    [['--json', '--format', 'lines'], /cannot be used with/],
  ])('%j is used wrongly', async (args, message) => {
    const result = await run(...args);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(message);
  });

  test('a host that goes away is told, and is a failure', async () => {
    const running = await follow();
    const closed = host.server.close();
    expect(await running.done).toBe(1);
    expect(running.message).toBe(
      `the host at ${host.url} went away: it has stopped, or cannot be reached`,
    );
    await host.world.clock.advance(1_000);
    await closed;
  });

  test('an output that is closed ends it without a failure', async () => {
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const program = new Command().exitOverride();
    const interrupted = (): Promise<void> => new Promise(() => {});
    registerTrace(program, { env: state.env, stdout, stderr: stdout, interrupted });
    let ended = false;
    const following = program.parseAsync(['node', 'backchannel', 'trace', '--follow']).then(() => {
      ended = true;
    });
    await until('the end', () => {
      record('probe');
      return ended;
    });
    await following;
  });

  test('Ctrl-C ends it with exit code 0', async () => {
    const running = await follow();
    running.interrupt();
    expect(await running.done).toBe(0);
    expect(running.message).toBe('');
    await until('that nobody reads', () => host.world.clock.timers === 0);
  });

  test('prints the past, as much of it as is asked for', async () => {
    for (let count = 1; count <= 101; count++) record(`event${count}`);
    const names = async (...args: readonly string[]): Promise<string[]> => {
      const lines = (await run('--json', ...args)).stdout.trimEnd().split('\n');
      return lines.map((line) => String(JSON.parse(line).name));
    };
    const hundred = await names();
    expect([hundred.length, hundred.at(0), hundred.at(-1)]).toEqual([100, 'event2', 'event101']);
    expect(await names('--recent', '2')).toEqual(['event100', 'event101']);
    expect(await names('--filter', 'name=event7')).toEqual(['event7']);
  });

  test('prints what happens, hop by hop, as the filter lets it', async () => {
    const running = await follow('--filter', 'name=probe|OID_SRIOV_RESET_VF');
    await host.fetch('/v1/vfs/0/reset', { method: 'POST' });
    await until('the reset', () => running.stdout.includes('"oidRequestComplete"'));
    running.interrupt();
    await running.done;
    const events = running.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter((event) => event.name !== 'probe').map((event) => event.hop)).toEqual([
      'oidRequest',
      'pfMiniportOidRequest',
      'pfMiniportOidRequestComplete',
      'oidRequestComplete',
    ]);
  });

  test('draws a ladder unless told otherwise', async () => {
    record('OID_SRIOV_RESET_VF');
    const ladder = (await run('--recent', '1')).stdout;
    expect(ladder).toContain('STACK');
    expect(ladder).toMatch(/───►.*OID_SRIOV_RESET_VF VF 0\n$/);
    const lines = (await run('--recent', '1', '--format', 'lines')).stdout;
    expect(lines).toMatch(/^2023-11-14T22:13:20.000Z virtualization stack -> host NDIS: OID_SRIOV/);
  });
});
