import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ListenError } from '#shared/listen-on.ts';
import { turn, until } from '#test/kit/world/turn.ts';
import { OperatedHost } from './operated-host.ts';
import { readTrace, TraceReading } from './trace-reading.ts';

let host: OperatedHost;

beforeEach(async () => {
  host = await OperatedHost.start();
});

afterEach(() => host.end());

describe('ControlServer', () => {
  test('an address that cannot be had is told in a sentence', async () => {
    const starting = OperatedHost.start({ port: host.port });
    await expect(starting).rejects.toThrow(ListenError);
    await expect(starting).rejects.toThrow(`cannot listen on 127.0.0.1:${host.port}`);
  });

  test('closing ends every trace stream at once', async () => {
    const readings = await Promise.all([
      readTrace(host, 'follow=true'),
      readTrace(host, 'follow=true&recent=5'),
    ]);
    await host.server.close();
    await until('both ends', () => readings.every((reading) => reading.ended));
    expect(readings.map((reading) => reading.response.complete)).toEqual([true, true]);
  });

  test('closing lets an answer finish that is under way', async () => {
    let answer: (data: Uint8Array) => void = () => {};
    host.readRefused = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const response = host.fetch('/v1/vfs/0/blocks/9?length=1');
    await until('the read', isHeld);
    const closed = host.server.close();
    answer(Uint8Array.of(7));
    expect(await (await response).json()).toMatchObject({ hex: '07' });
    await host.world.clock.advance(1_000);
    await closed;
  });

  test('closing waits a second for a client that reads nothing, and no longer', async () => {
    const response = await host.raw('/v1/trace?follow=true', {});
    response.pause();
    const note = 'x'.repeat(2_000);
    for (let count = 1; count <= 10_000; count++) {
      host.world.trace.record({ hop: 'oidRequest', name: 'flood', note });
      if (count % 100 === 0) await turn();
    }
    let closed = false;
    const closing = host.server.close().then(() => {
      closed = true;
    });
    await host.world.clock.advance(999);
    expect(closed).toBe(false);
    await host.world.clock.advance(1);
    await closing;
    response.on('error', () => {});
    const reading = new TraceReading(response);
    response.resume();
    await until('the cut', () => reading.ended);
    expect(response.complete).toBe(false);
  });
});

/** Whether the PF has been asked for the block that a test holds. */
function isHeld(): boolean {
  return host.world.eventsOf('pfMiniportOidRequest').some((event) => event.blockId === 9);
}
