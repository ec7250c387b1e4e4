import { describe, expect, test, vi } from 'vitest';
import type { DialResult } from '#guest/vmbus/dial.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { createControlledPair } from '#test/kit/world/controlled-transport.ts';
import { RawPeer } from '#test/kit/world/raw-peer.ts';
import { turn } from '#test/kit/world/turn.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';

const UNREACHABLE: DialResult = { failure: 'cannot reach the host', permanent: false };

/** How long the guest waits before each of its next tries, in milliseconds. */
async function pausesOf(bench: RawHostBench, count: number): Promise<number[]> {
  const pauses: number[] = [];
  for (let each = 0; each < count; each++) {
    const pause = bench.clock.untilNext ?? Number.NaN;
    pauses.push(pause);
    await bench.clock.advance(pause);
  }
  return pauses;
}

describe('a host that cannot be reached', () => {
  test('is tried again after growing pauses, the longest of 10 s, and the log says so', async () => {
    const bench = await new RawHostBench({ retry: true, dial: async () => UNREACHABLE }).run();
    expect(await pausesOf(bench, 8)).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
    expect(bench.dials).toBe(9);
    expect(bench.log.messages[0]).toBe('cannot reach the host; next try in 250 ms');
    await bench.os.stop();
  });

  test.each([
    [0, 188],
    [0.999999, 312],
  ])('is tried after a pause with a random part: %f gives %i ms', async (random, pause) => {
    const bench = await new RawHostBench({
      retry: true,
      random: () => random,
      dial: async () => UNREACHABLE,
    }).run();
    expect(bench.clock.untilNext).toBe(pause);
    await bench.os.stop();
  });

  test('is not tried again without retry', async () => {
    const bench = await new RawHostBench({ dial: async () => UNREACHABLE }).run();
    expect(bench.end).toEqual({ how: 'failed', reason: 'cannot reach the host' });
    expect(bench.dials).toBe(1);
  });

  test('and refuses for good is not tried again, though retry is on', async () => {
    const refusal: DialResult = { failure: 'wrong token', permanent: true };
    const bench = await new RawHostBench({ retry: true, dial: async () => refusal }).run();
    expect(bench.end).toEqual({ how: 'failed', reason: 'wrong token' });
    expect(bench.dials).toBe(1);
  });

  test.each<[string, () => Promise<DialResult>]>([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ])('by a dial that %s is one that cannot be reached', async (_how, dial) => {
    const bench = await new RawHostBench({ dial }).run();
    expect(bench.end).toEqual({ how: 'failed', reason: 'broken' });
  });
});

describe('a channel that the host closes', () => {
  const FINAL = [
    'protocolError',
    'binaryFrame',
    'malformedFrame',
    'frameTooLarge',
    'noVfLeft',
    'allocationFailed',
    'noCommonVersion',
    'noSuchDevice',
  ] as const;

  test.each(FINAL)('with %s is not opened again, and the reason is told', async (name) => {
    const bench = await new RawHostBench({ retry: true }).run();
    bench.host.close({ code: CLOSE_CODES[name].code, reason: 'the reason' });
    await turn();
    expect(bench.end).toEqual({ how: 'failed', reason: `the reason (${name})` });
    expect(bench.log.messages.at(-1)).toBe(`the VF has failed: the reason (${name})`);
    expect(bench.dials).toBe(1);
  });

  test('with ejected is not opened again: the host took the VF away', async () => {
    const bench = await new RawHostBench({ retry: true }).run();
    bench.host.close({ code: CLOSE_CODES.ejected.code, reason: 'taken away' });
    await turn();
    expect(bench.end).toEqual({ how: 'ejected', reason: 'taken away (ejected)' });
    expect(bench.log.messages.at(-1)).toBe('the VF was ejected: taken away (ejected)');
  });

  test.each(['lost', 'goingAway', 'normal', 'internalError', 'handshakeTimeout'] as const)(
    'with %s is opened again, for a VF that is another instance',
    async (name) => {
      const bench = await new RawHostBench({ retry: true }).run();
      const first = bench.vf;
      bench.host.close({ code: CLOSE_CODES[name].code, reason: 'the reason' });
      await bench.clock.advance(250);
      expect(first.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
      expect(bench.recording.instances).toHaveLength(2);
      expect(bench.vf).not.toBe(first);
      expect(bench.phases.at(-1)).toBe('running');
      await bench.os.stop();
    },
  );

  test('without retry ends the VF', async () => {
    const bench = await new RawHostBench().run();
    bench.host.close({ code: CLOSE_CODES.goingAway.code, reason: 'shutting down' });
    await turn();
    expect(bench.end).toMatchObject({
      how: 'failed',
      reason: expect.stringContaining('shutting down'),
    });
  });

  test('after the VF ran for a while is tried again after the first pause, however long it was before', async () => {
    const bench = await new RawHostBench({
      retry: true,
      dial: (attempt) => (attempt < 5 ? Promise.resolve(UNREACHABLE) : undefined),
    }).run();
    await pausesOf(bench, 4);
    expect(bench.phases.at(-1)).toBe('running');
    await bench.clock.advance(10_000);
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: '' });
    await turn();
    expect(bench.clock.untilNext).toBe(250);
    await bench.os.stop();
  });

  test('as soon as each VF runs makes the pauses grow', async () => {
    const bench = await new RawHostBench({ retry: true }).run();
    const pauses: (number | undefined)[] = [];
    for (let life = 0; life < 3; life++) {
      expect(bench.phases.at(-1)).toBe('running');
      await bench.clock.advance(9_999);
      bench.host.close({ code: CLOSE_CODES.lost.code, reason: '' });
      await turn();
      pauses.push(bench.clock.untilNext);
      await bench.clock.advance(bench.clock.untilNext ?? 0);
    }
    expect(pauses).toEqual([250, 500, 1_000]);
    await bench.os.stop();
  });

  test('before the VF ran makes the pauses grow', async () => {
    const bench = await new RawHostBench({
      retry: true,
      onHost: (host) => {
        host.answers['QUERY_PROTOCOL_VERSION'] = () => {
          host.close({ code: CLOSE_CODES.goingAway.code, reason: '' });
          return undefined;
        };
      },
    }).run();
    expect(await pausesOf(bench, 3)).toEqual([250, 500, 1_000]);
    await bench.os.stop();
  });
});

describe('a guest that is stopped', () => {
  test('while it waits for the next try ends at once', async () => {
    const bench = await new RawHostBench({ retry: true, dial: async () => UNREACHABLE }).run();
    expect(await bench.os.stop()).toEqual([{ how: 'stopped', reason: 'the guest stopped' }]);
    expect(bench.clock.timers).toBe(0);
  });

  test('while it dials ends at once, and closes the channel that comes later', async () => {
    const [guest, host] = createControlledPair();
    let answer: (result: DialResult) => void = () => {};
    const dialing = new Promise<DialResult>((resolve) => {
      answer = resolve;
    });
    const bench = await new RawHostBench({ dial: () => dialing }).run();
    expect(await bench.os.stop()).toEqual([{ how: 'stopped', reason: 'the guest stopped' }]);
    const late = new RawPeer(host);
    answer({ transport: guest });
    await turn();
    expect(late.closed).toMatchObject({ code: CLOSE_CODES.normal.code });
    expect(bench.recording.instances).toEqual([]);
  });

  test('in the moment in which dialing succeeds ends at once, and closes the channel', async () => {
    const [guest, host] = createControlledPair();
    let answer: (result: DialResult) => void = () => {};
    const dialing = new Promise<DialResult>((resolve) => {
      answer = resolve;
    });
    const bench = await new RawHostBench({ dial: () => dialing }).run();
    const late = new RawPeer(host);
    answer({ transport: guest });
    const stopped = bench.os.stop();
    await turn();
    expect(bench.end).toEqual({ how: 'stopped', reason: 'the guest stopped' });
    expect(late.closed).toMatchObject({ code: CLOSE_CODES.normal.code });
    await stopped;
  });

  test('before it ran ends at once', async () => {
    const bench = new RawHostBench();
    expect(await bench.os.stop()).toEqual([{ how: 'stopped', reason: 'the guest stopped' }]);
    expect(bench.dials).toBe(0);
  });

  test('has no listener left of its many tries', async () => {
    const added = new Set<unknown>();
    const { addEventListener, removeEventListener } = AbortSignal.prototype;
    const adding = vi.spyOn(AbortSignal.prototype, 'addEventListener');
    adding.mockImplementation(function (this: AbortSignal, type, listener, options) {
      added.add(listener);
      addEventListener.call(this, type, listener, options);
    });
    const removing = vi.spyOn(AbortSignal.prototype, 'removeEventListener');
    removing.mockImplementation(function (this: AbortSignal, type, listener, options) {
      added.delete(listener);
      removeEventListener.call(this, type, listener, options);
    });
    try {
      const bench = await new RawHostBench({ retry: true, dial: async () => UNREACHABLE }).run();
      await pausesOf(bench, 50);
      // One for the pause that it is in.
      expect(added.size).toBeLessThanOrEqual(1);
      await bench.os.stop();
    } finally {
      vi.restoreAllMocks();
    }
  });
});
