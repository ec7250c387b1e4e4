import { afterEach, describe, expect, test } from 'vitest';
import { Pair } from '#cli/bench/pair.ts';
import { CommandFailure } from '#cli/failure.ts';
import { systemClock } from '#shared/time/system.ts';

const started: Pair[] = [];

/** Both kinds of pair, as real processes. */
const PAIRS = { emulator: Pair.emulator, echo: Pair.echo };

function start(kind: keyof typeof PAIRS, clients = 1): Pair {
  const pair = PAIRS[kind](systemClock, clients);
  started.push(pair);
  return pair;
}

/** Whether a process with this id is there. */
function exists(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((pair) => pair.end()));
});

describe('the processes of the bench', () => {
  test('refuse a command that is not theirs, and go on', async () => {
    const { server, client } = start('echo');
    const refused = server.ask('sequential', { milliseconds: 1 });
    await expect(refused).rejects.toThrow(
      'the echo server of the bench failed: sequential is not for this process',
    );
    await expect(client.ask('sequential', { milliseconds: 1 })).rejects.toThrow(
      'no connection is open',
    );
    await expect(server.ask('memory', { connections: 0 })).resolves.toBeDefined();
  });

  test('fail what was asked of one that is gone, and end for good', async () => {
    const pair = start('echo');
    await pair.connect(1);
    const pids = [pair.server.pid, pair.client.pid];
    expect(pids.map(exists)).toEqual([true, true]);
    const asked = pair.client.ask('sequential', { milliseconds: 60_000 });
    const failed = expect(asked).rejects.toThrow(CommandFailure);
    await pair.end();
    await failed;
    expect(pids.map(exists)).toEqual([false, false]);
    await expect(pair.server.ask('memory', { connections: 0 })).rejects.toThrow('was ended');
  });

  test.each(['emulator', 'echo'] as const)('measure %s', async (kind) => {
    const pair = start(kind, 2);
    await pair.connect(4);
    const { durations } = await pair.client.ask('sequential', { milliseconds: 20 });
    expect(Math.min(...durations)).toBeGreaterThan(0);
    expect(await pair.throughput(2, 20)).toBeGreaterThan(0);
    expect((await pair.memory(4)).managedBytes).toBeGreaterThan(0);
    await pair.memory(0);
  });

  test('tell when each invalidation was called and handled', async () => {
    const { client, server } = await connected(start('emulator'));
    const { writtenAt, handledAt } = await client.ask('invalidations', { milliseconds: 20 });
    const { calledAt } = await server.ask('invalidatedAt', {});
    expect([calledAt.length, handledAt.length]).toEqual([writtenAt.length, writtenAt.length]);
    expect(calledAt.length).toBeGreaterThan(0);
    expect(await server.ask('invalidatedAt', {})).toEqual({ calledAt: [] });
  });

  test('read as well with the trace on as with it off', async () => {
    const pair = await connected(start('emulator'));
    for (const on of [true, false]) {
      await pair.server.ask('trace', { on });
      await pair.client.ask('trace', { on });
      expect(await pair.throughput(4, 20)).toBeGreaterThan(0);
    }
  });
});

async function connected(pair: Pair): Promise<Pair> {
  await pair.connect(1);
  return pair;
}
