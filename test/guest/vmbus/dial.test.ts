import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DialResult, webSocketDial } from '#guest/vmbus/dial.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { until } from '#test/kit/world/turn.ts';
import { SocketBench, TOKEN } from '#test/support/sockets.ts';

function dialTo(host: string, token = 'token'): Promise<DialResult> {
  const clock = new ManualClock();
  return webSocketDial({ host, token: () => ({ token }), vmName: 'g1', index: 3, clock })();
}

describe('dialing a host that is there', () => {
  let bench: SocketBench;
  beforeEach(async () => {
    bench = new SocketBench();
    await bench.listen();
  });
  afterEach(() => bench.close());

  test('with the wrong token fails for good, and says why', async () => {
    const result = await bench.dial('wrong');
    expect(result).toEqual({
      failure: expect.stringMatching(/HTTP 401\): wrong token/),
      permanent: true,
    });
  });

  test('with a token that cannot be sent fails, and does not throw', async () => {
    expect(await bench.dial('two\nlines')).toMatchObject({ failure: expect.any(String) });
  });

  test('gives a transport, and tells the host which VF of which guest it is', async () => {
    const clock = new ManualClock();
    const token = () => ({ token: 'a-token-of-this-test' });
    const dial = webSocketDial({ host: bench.origin, token, vmName: 'g1', index: 3, clock });
    expect(await dial()).toHaveProperty('transport');
    await until('the host attached it', () => bench.attached.length === 1);
    expect(bench.attached[0]?.offer).toEqual({ vmName: 'g1', index: 3 });
  });

  test('names the PF of which it wants a VF', async () => {
    const { clock, origin: host } = bench;
    const token = () => ({ token: TOKEN });
    await webSocketDial({ host, token, vmName: 'g1', index: 0, pf: 'left', clock })();
    await until('the host attached it', () => bench.attached.length === 1);
    expect(bench.attached[0]?.offer).toEqual({ vmName: 'g1', index: 0, pf: 'left' });
  });
});

describe('dialing what is no host', () => {
  let server: Server;
  let port = 0;
  let answer: (response: ServerResponse) => void = (response) => response.end();
  beforeEach(async () => {
    server = createServer((_request, response) => answer(response));
    port = await new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('where nobody listens fails, and may be tried again', async () => {
    server.close();
    const result = await dialTo(`ws://127.0.0.1:${port}`);
    expect(result).toEqual({
      failure: expect.stringContaining(`cannot reach the host at ws://127.0.0.1:${port}`),
      permanent: false,
    });
  });

  test('a server that fails may be tried again', async () => {
    answer = (response) => response.writeHead(503).end('starting');
    expect(await dialTo(`ws://127.0.0.1:${port}`)).toEqual({
      failure: 'the host refused the channel (HTTP 503): starting',
      permanent: false,
    });
  });

  test('a refusal that never ends is cut short', async () => {
    let stopped = false;
    answer = (response) => {
      response.writeHead(400);
      const more = (): void => {
        if (!stopped) response.write('x'.repeat(1_000), () => setImmediate(more));
      };
      response.on('close', () => {
        stopped = true;
      });
      more();
    };
    const result = await dialTo(`ws://127.0.0.1:${port}`);
    if (!('failure' in result)) throw new Error('the channel was opened');
    expect(result.failure.length).toBeLessThan(300);
    await until('the connection was given up', () => stopped);
  });

  test('the reason why there is no token is the reason of the failure', async () => {
    const dial = webSocketDial({
      host: `ws://127.0.0.1:${port}`,
      token: () => ({ failure: 'no token yet' }),
      vmName: 'g1',
      index: 0,
      clock: new ManualClock(),
    });
    expect(await dial()).toEqual({ failure: 'no token yet', permanent: false });
  });
});
