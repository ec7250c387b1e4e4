import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_FRAME_BYTES } from '#shared/transport/close-codes.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';
import { transportContract } from '#test/contract/transport-contract.ts';
import { turn, until } from '#test/kit/world/turn.ts';
import { SocketBench } from '#test/support/sockets.ts';

async function newBench(): Promise<SocketBench> {
  const bench = new SocketBench();
  await bench.listen();
  return bench;
}

transportContract('over WebSocket, sent by the guest', async () => {
  const bench = await newBench();
  const { guest, host } = await bench.pair();
  return { left: guest, right: host, dispose: () => bench.close() };
});

transportContract('over WebSocket, sent by the host', async () => {
  const bench = await newBench();
  const { guest, host } = await bench.pair();
  return { left: host, right: guest, dispose: () => bench.close() };
});

/** What one end of a WebSocket transport was told. */
function listenTo(transport: Transport) {
  const heard = { messages: 0, closes: [] as CloseDetails[], drains: 0 };
  transport.listen({
    message: () => heard.messages++,
    close: (details) => heard.closes.push(details),
    drain: () => heard.drains++,
  });
  return heard;
}

describe('the WebSocket transport', () => {
  let bench: SocketBench;
  beforeEach(async () => {
    bench = await newBench();
  });
  afterEach(() => bench.close());

  test('closes with 1003 on a binary frame', async () => {
    const { ws, host } = await bench.raw();
    const heard = listenTo(host);
    ws.send(Buffer.from('{}'));
    const [code] = await once(ws, 'close');
    expect(code).toBe(1003);
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard).toMatchObject({ messages: 0, closes: [{ code: 1003 }] });
  });

  test('closes with 1009 on a frame above the limit, without reading all of it', async () => {
    const { ws, host } = await bench.raw();
    const heard = listenTo(host);
    ws.send('x'.repeat(64 * MAX_FRAME_BYTES));
    const [code] = await once(ws, 'close');
    expect(code).toBe(1009);
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard).toMatchObject({ messages: 0, closes: [{ code: 1009 }] });
  });

  test('closes with 1009 on a message above the limit that comes in many small frames', async () => {
    const { ws, host } = await bench.raw();
    const heard = listenTo(host);
    for (let each = 0; each < 20; each++) ws.send('x'.repeat(1_000), { fin: false });
    const [code] = await once(ws, 'close');
    expect(code).toBe(1009);
    expect(heard.messages).toBe(0);
  });

  test.each([
    ['text that is not UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 1007],
    ['a reserved opcode', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['a frame that is not masked', [0x81, 0x01, 0x78], 1002],
    ['a compressed frame, since compression is off', [0xc1, 0x80, 0, 0, 0, 0], 1002],
  ])('closes with its RFC 6455 code on %s', async (_what, frame, code) => {
    const { ws, socket, host } = await bench.raw();
    const heard = listenTo(host);
    socket.write(Uint8Array.from(frame));
    const [given] = await once(ws, 'close');
    expect(given).toBe(code);
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard).toMatchObject({ messages: 0, closes: [{ code }] });
  });

  test('a connection that breaks is told as 1006, once', async () => {
    const { ws, host } = await bench.raw();
    const heard = listenTo(host);
    ws.terminate();
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard.closes).toEqual([expect.objectContaining({ code: 1006 })]);
  });

  test('a connection that breaks before there is a listener is told to the one that comes', async () => {
    const { ws, host } = await bench.raw();
    ws.terminate();
    const heard = listenTo(host);
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard.closes).toEqual([expect.objectContaining({ code: 1006 })]);
  });

  test('of a reason as long as an error can be, as much is told as a close frame holds', async () => {
    const { ws, host } = await bench.raw();
    listenTo(host);
    host.close({ code: 4007, reason: `é${'x'.repeat(1_000_000)}` });
    const [code, reason] = await once(ws, 'close');
    expect(code).toBe(4007);
    expect(String(reason)).toBe(`é${'x'.repeat(121)}`);
  });

  test('a peer that does not answer a close is cut off', async () => {
    const { ws, host } = await bench.raw();
    const heard = listenTo(host);
    ws.pause();
    host.close({ code: 4004, reason: 'ejected' });
    await bench.clock.advance(999);
    expect(heard.closes).toEqual([]);
    await bench.clock.advance(1);
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard.closes).toEqual([{ code: 4004, reason: 'ejected' }]);
  });

  test('a peer that answers no ping is cut off, and one that does is kept', async () => {
    const silent = await bench.raw();
    const alive = await bench.raw();
    const [heard, kept] = [listenTo(silent.host), listenTo(alive.host)];
    silent.ws.pause();
    let pings = 0;
    alive.ws.on('ping', () => pings++);
    await bench.clock.advance(15_000);
    await until('the ping came', () => pings === 1);
    // The pong is read in the turns that this takes, as any message would be.
    alive.ws.send('after the pong');
    await until('what follows the pong came', () => kept.messages === 1);
    await bench.clock.advance(15_000);
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard.closes).toEqual([{ code: 1006, reason: 'no sign of life from the peer' }]);
    expect(kept.closes).toEqual([]);
  });

  test('a peer is not cut off while nobody listens to it yet, since nothing of it is read', async () => {
    const { host } = await bench.raw();
    await bench.clock.advance(60_000);
    const heard = listenTo(host);
    host.close({ code: 4001, reason: 'late' });
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard.closes).toEqual([{ code: 4001, reason: 'late' }]);
  });

  test('leaves no timer behind once it is closed', async () => {
    const { guest, host } = await bench.pair();
    const heard = [listenTo(guest), listenTo(host)];
    expect(bench.clock.timers).toBe(2);
    guest.close({ code: 1000, reason: '' });
    await until('both were told', () => heard.every((each) => each.closes.length > 0));
    expect(bench.clock.timers).toBe(0);
  });

  test('is congested while the peer does not read, and tells when it is no longer', async () => {
    const { ws, host } = await bench.raw();
    const heard = listenTo(host);
    ws.pause();
    let frames = 0;
    while (!host.congested && frames < 10_000) {
      host.send('x'.repeat(MAX_FRAME_BYTES));
      frames++;
      if (frames % 16 === 0) await turn();
    }
    expect(host.congested).toBe(true);
    expect(heard.drains).toBe(0);
    let received = 0;
    ws.on('message', () => received++);
    ws.resume();
    await until('the host was told', () => heard.drains > 0);
    expect(host.congested).toBe(false);
    await until('every frame arrived', () => received === frames);
    expect(heard).toMatchObject({ drains: 1, closes: [] });
  });

  test('reads no further from a peer that does not read', async () => {
    const { ws, host } = await bench.raw();
    const heard = listenTo(host);
    ws.pause();
    while (!host.congested) host.send('x'.repeat(MAX_FRAME_BYTES));
    ws.send('flood');
    for (let turns = 0; turns < 100; turns++) await turn();
    expect(heard.messages).toBe(0);
    ws.resume();
    await until('the host reads again', () => heard.messages === 1);
  });

  test('can be closed while it is congested', async () => {
    const { ws, host } = await bench.raw();
    const heard = listenTo(host);
    ws.pause();
    while (!host.congested) host.send('x'.repeat(MAX_FRAME_BYTES));
    host.close({ code: 4004, reason: 'ejected' });
    await bench.clock.advance(1_000);
    await until('the host was told', () => heard.closes.length > 0);
    expect(heard.closes).toEqual([{ code: 4004, reason: 'ejected' }]);
    expect(bench.clock.timers).toBe(0);
  });
});
