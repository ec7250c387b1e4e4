import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ChannelListener } from '#host/vmbus/listener.ts';
import { SUBPROTOCOL } from '#shared/transport/close-codes.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { until } from '#test/kit/world/turn.ts';
import { SocketBench, TOKEN } from '#test/support/sockets.ts';

describe('the channel listener', () => {
  let bench: SocketBench;
  beforeEach(async () => {
    bench = new SocketBench();
    await bench.listen();
  });
  afterEach(() => bench.close());

  /** The HTTP answer to an opening request that is refused. */
  function refusal(
    path: string,
    authorization?: string,
    protocols: string[] = [SUBPROTOCOL],
  ): Promise<{ readonly code: number | undefined; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const headers = authorization === undefined ? {} : { authorization };
      const ws = new WebSocket(`${bench.origin}${path}`, protocols, { headers });
      ws.on('error', reject);
      ws.on('open', () => reject(new Error('the channel was opened')));
      ws.on('unexpected-response', async (_request, response) => {
        let text = '';
        for await (const chunk of response) text += String(chunk);
        resolve({ code: response.statusCode, text });
      });
    });
  }

  const BEARER = `Bearer ${TOKEN}`;

  test.each([
    ['none', undefined],
    ['another', 'Bearer another'],
    ['an empty one', 'Bearer '],
    ['one that begins like it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['one that goes on after it', `Bearer ${TOKEN}x`],
    ['it under another scheme', `Basic ${TOKEN}`],
    ['it without a scheme', TOKEN],
  ])('refuses a guest whose token is %s with 401', async (_what, authorization) => {
    const { code, text } = await refusal('/vpci?vm=g1&vf=0', authorization);
    expect(code).toBe(401);
    expect(text).toContain('wrong token');
    expect(text).not.toContain(TOKEN);
    expect(bench.attached).toEqual([]);
  });

  test.each([
    '/vpci',
    '/vpci?vm=g1',
    '/vpci?vf=0',
    '/vpci?vm=&vf=0',
    '/vpci?vm=g1&vf=',
    '/vpci?vm=g1&vf=-1',
    '/vpci?vm=g1&vf=65536',
    '/vpci?vm=g1&vf=0.5',
    '/vpci?vm=g1&vf=0x10',
    '/vpci?vm=g1&vf=one',
    `/vpci?vm=${'x'.repeat(64)}&vf=0`,
    '/vpci?vm=a%0Ab&vf=0',
    '/vpci?vm=..%2Fetc&vf=0',
    '/vpci?vm=g1&vf=0&pf=',
    '/vpci?vm=g1&vf=0&pf=..%2Fetc',
    `/vpci?vm=g1&vf=0&pf=${'x'.repeat(64)}`,
  ])('refuses %s with 400, and says what was expected', async (path) => {
    const { code, text } = await refusal(path, BEARER);
    expect(code).toBe(400);
    expect(text).toContain('expected vm=');
  });

  test('refuses another path', async () => {
    expect(await refusal('/other?vm=g1&vf=0', BEARER)).toMatchObject({
      code: 400,
      text: expect.stringContaining('expected /vpci'),
    });
  });

  test.each([[[]], [['vpci.sriov-backchannel.v0']]])(
    'refuses the subprotocols %j, and names its own',
    async (protocols) => {
      expect(await refusal('/vpci?vm=g1&vf=0', BEARER, protocols)).toMatchObject({
        code: 400,
        text: expect.stringContaining(SUBPROTOCOL),
      });
    },
  );

  test('answers an ordinary HTTP request with 426', async () => {
    const ordinary = request({ port: bench.port, host: '127.0.0.1', path: '/vpci' }).end();
    const [response] = await once(ordinary, 'response');
    expect(response.statusCode).toBe(426);
    response.resume();
  });

  test('keeps no connection of a guest that was refused and does not hang up', async () => {
    const socket: Socket = connect({ port: bench.port, host: '127.0.0.1', allowHalfOpen: true });
    let received = '';
    socket.on('data', (chunk) => {
      received += String(chunk);
    });
    await once(socket, 'connect');
    const lines = [
      'GET /vpci?vm=g1&vf=0 HTTP/1.1',
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: websocket',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await once(socket, 'end');
    expect(received).toContain('401 Unauthorized');
    // A connection that the host has let go of answers what is still written to it with a reset.
    let reset = false;
    socket.on('error', () => {
      reset = true;
    });
    await until('the connection is gone', () => {
      if (!socket.destroyed) socket.write('x');
      return reset;
    });
  });

  test('agrees to no compression, though a guest offers it', async () => {
    const ws = new WebSocket(`${bench.origin}/vpci?vm=g1&vf=0`, [SUBPROTOCOL], {
      headers: { authorization: BEARER },
      perMessageDeflate: true,
    });
    await once(ws, 'open');
    expect(ws.extensions).toBe('');
    ws.terminate();
  });

  test('attaches a channel with the name and number of the VF in its guest', async () => {
    await bench.raw();
    expect(bench.attached.map(({ offer }) => offer)).toEqual([{ vmName: 'g1', index: 0 }]);
  });

  test('takes no further channel after it was closed, and leaves those that are open', async () => {
    const { ws } = await bench.raw();
    bench.closeListener();
    expect(await bench.dial()).toMatchObject({ permanent: false });
    expect(ws.readyState).toBe(WebSocket.OPEN);
  });

  test('says so when the port is in use', async () => {
    const second = new ChannelListener({
      address: { host: '127.0.0.1', port: bench.port },
      token: TOKEN,
      clock: new ManualClock(),
      onChannel: () => {},
    });
    await expect(second.listen()).rejects.toThrow(
      `cannot listen on 127.0.0.1:${bench.port}: the port is in use`,
    );
  });
});
