import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import { Channel } from '#shared/vmbus/channel.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { ChannelTracer } from '#shared/vmbus/channel-tracer.ts';
import { PacketHandlers, type Respond } from '#shared/vmbus/packet-handlers.ts';
import { invalidateBlock, readBlock } from '#shared/wire/block.ts';
import type { CompletionOf } from '#shared/wire/descriptor.ts';
import { eject, ejectComplete } from '#shared/wire/eject.ts';
import { createControlledPair } from '#test/kit/world/controlled-transport.ts';
import { RawPeer } from '#test/kit/world/raw-peer.ts';
import { turn } from '#test/kit/world/turn.ts';

type ReadReply = CompletionOf<typeof readBlock> | ChannelError;

const READ = { blockId: 5, slot: 0, bytesRequested: 2 };
const ONE_BYTE = { status: NTSTATUS.STATUS_SUCCESS, bytes: 'EQ==' };

function newTrace(): { readonly trace: Trace; readonly events: TraceEvent[] } {
  const trace = new Trace(() => 0);
  const events: TraceEvent[] = [];
  trace.listen((event) => events.push(event));
  return { trace, events };
}

/** The guest's side of a channel, and a host that speaks frames by hand. */
function newGuestSide() {
  const [mine, theirs] = createControlledPair();
  const { trace, events } = newTrace();
  const closes: CloseDetails[] = [];
  const channel = new Channel({
    transport: mine,
    tracer: new ChannelTracer(trace, 'guest-to-host', { device: 'g1/0' }),
    onClose: (details) => closes.push(details),
  });
  channel.open(new PacketHandlers('host-to-guest'), undefined);
  const replies: ReadReply[] = [];
  const read = (): void => channel.request(readBlock, READ, (reply) => replies.push(reply));
  return { channel, host: new RawPeer(theirs), closes, events, replies, read };
}

/** The host's side of a channel, which keeps what it is asked, and a guest that speaks by hand. */
function newHostSide() {
  const [mine, theirs] = createControlledPair();
  const { trace, events } = newTrace();
  const closes: CloseDetails[] = [];
  const responds: Respond<typeof readBlock>[] = [];
  let ejected = 0;
  const channel = new Channel({
    transport: mine,
    tracer: new ChannelTracer(trace, 'host-to-guest', { device: 'g1/0' }),
    onClose: (details) => closes.push(details),
  });
  const handlers = new PacketHandlers<undefined>('guest-to-host')
    .handle(readBlock, (_owner, _message, respond) => responds.push(respond))
    .on(ejectComplete, () => ejected++);
  channel.open(handlers, undefined);
  return {
    channel,
    guest: new RawPeer(theirs),
    closes,
    events,
    responds,
    get ejected() {
      return ejected;
    },
  };
}

describe('a malformed frame', () => {
  const malformed: readonly (readonly [string, string])[] = [
    ['an empty text', ''],
    ['no JSON', '{"packet":'],
    ['a JSON number', '1'],
    ['null', 'null'],
    ['an array', '[]'],
    ['an object that is no packet', '{}'],
    ['a packet of no known kind', '{"packet":"gpa-direct","transactionId":1,"message":{}}'],
    [
      'a packet without a message',
      '{"packet":"in-band","transactionId":1,"completionRequested":true}',
    ],
    ['a completion without a message', '{"packet":"completion","transactionId":1}'],
    [
      'a completion whose id is no number',
      '{"packet":"completion","transactionId":"1","message":{}}',
    ],
    [
      'a notification with a field too few',
      '{"packet":"in-band","transactionId":1,"completionRequested":false,"message":{"type":"EJECT_COMPLETE"}}',
    ],
    [
      'a known type that asks for no completion',
      '{"packet":"in-band","transactionId":1,"completionRequested":false,"message":{"type":"READ_BLOCK","blockId":1,"slot":0,"bytesRequested":1}}',
    ],
    [
      'a known type with an id of 0',
      '{"packet":"in-band","transactionId":0,"completionRequested":true,"message":{"type":"READ_BLOCK","blockId":1,"slot":0,"bytesRequested":1}}',
    ],
    [
      'a type that is no text',
      '{"packet":"in-band","transactionId":1,"completionRequested":true,"message":{"type":1}}',
    ],
    ['deep nesting', '['.repeat(8_000)],
  ];

  test.each(malformed)(
    '%s closes the channel with 1007 [messages.unanswerable]',
    async (_what, text) => {
      const side = newHostSide();
      side.guest.text(text);
      await turn();
      expect(side.closes).toEqual([expect.objectContaining({ code: 1007 })]);
      expect(side.guest.closed).toMatchObject({ code: 1007 });
      expect(side.closes[0]?.reason).toMatch(/^malformed frame: ./);
      expect(side.responds).toHaveLength(0);
    },
  );

  test('a completion that is not in the schema of its request closes the channel', async () => {
    const side = newGuestSide();
    side.read();
    side.host.complete(1, { status: 'ok' });
    await turn();
    expect(side.closes).toEqual([expect.objectContaining({ code: 1007 })]);
    expect(side.replies).toEqual([expect.any(ChannelError)]);
  });

  test('whatever text comes, nothing throws and the close is told at most once', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          packet: fc.constantFrom('in-band', 'completion', 'x'),
          transactionId: fc.oneof(fc.integer(), fc.double(), fc.string()),
          completionRequested: fc.oneof(fc.boolean(), fc.string()),
          message: fc.oneof(
            fc.jsonValue(),
            fc.record({
              type: fc.constantFrom('READ_BLOCK', 'EJECT', '__proto__', 'x'),
              slot: fc.jsonValue(),
            }),
          ),
        })
        .map((frame) => JSON.stringify(frame)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 5 }), async (texts) => {
        const side = newHostSide();
        for (const each of texts) side.guest.text(each);
        await turn();
        expect(side.closes.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('a well-formed message of a type that this side does not know', () => {
  test.each(['RESET_DEVICE', 'BUS_RELATIONS', 'INVALIDATE_BLOCK', '__proto__', 'constructor'])(
    '%s is answered with STATUS_BAD_DATA, and the channel lives [messages.unknown-type]',
    async (type) => {
      const side = newHostSide();
      const completion = await side.guest.ask(type, { slot: 0 });
      expect(completion).toEqual({ status: NTSTATUS.STATUS_BAD_DATA });
      expect(side.closes).toEqual([]);
    },
  );

  test('is not answered when no completion is asked for', async () => {
    const side = newHostSide();
    side.guest.notify('RESET_DEVICE', { slot: 0 });
    await turn();
    expect(side.guest.received).toEqual([]);
    expect(side.closes).toEqual([]);
  });

  test('appears in the trace', async () => {
    const side = newHostSide();
    await side.guest.ask('RESET_DEVICE');
    const received = side.events.find((event) => event.hop === 'guestPacketReceived');
    expect(received).toMatchObject({
      name: 'RESET_DEVICE',
      note: expect.stringContaining('unknown'),
    });
  });
});

describe('requests', () => {
  test('are settled by their own completion, in whatever order those come [actors.channel-of-typed-messages] [read.completion]', async () => {
    const side = newGuestSide();
    side.read();
    side.read();
    side.host.complete(2, { status: NTSTATUS.STATUS_SUCCESS, bytes: 'Ag==' });
    side.host.complete(1, { status: NTSTATUS.STATUS_SUCCESS, bytes: 'AQ==' });
    await turn();
    expect(side.replies).toMatchObject([{ bytes: 'Ag==' }, { bytes: 'AQ==' }]);
    expect(side.channel.outstanding).toBe(0);
  });

  test('a second completion, and one of an id that nobody asked for, settle nothing', async () => {
    const side = newGuestSide();
    side.read();
    side.host.complete(1, ONE_BYTE);
    side.host.complete(1, ONE_BYTE);
    side.host.complete(99, ONE_BYTE);
    await turn();
    expect(side.replies).toEqual([ONE_BYTE]);
    expect(side.closes).toEqual([]);
    const unexpected = side.events.filter((event) =>
      event.note?.includes('unknown transaction id'),
    );
    expect(unexpected.map((event) => event.transactionId)).toEqual([1, 99]);
  });

  test('a late completion does not settle a newer request: ids are never used twice', async () => {
    const side = newGuestSide();
    side.read();
    await turn();
    side.host.complete(1, { status: NTSTATUS.STATUS_UNSUCCESSFUL });
    await turn();
    side.read();
    side.host.complete(1, ONE_BYTE);
    await turn();
    expect(side.replies).toHaveLength(1);
    expect(side.host.received.map((frame) => frame.transactionId)).toEqual([1, 2]);
  });

  test('that wait when the channel is lost are settled once each, with a ChannelError', async () => {
    const side = newGuestSide();
    side.read();
    side.read();
    await turn();
    side.host.close({ code: CLOSE_CODES.ejected.code, reason: 'taken away' });
    await turn();
    expect(side.replies).toEqual([expect.any(ChannelError), expect.any(ChannelError)]);
    expect((side.replies[0] as ChannelError).details).toEqual({ code: 4004, reason: 'taken away' });
    expect(side.closes).toEqual([{ code: 4004, reason: 'taken away' }]);
  });

  test('on a channel that is closed fail at once', () => {
    const side = newGuestSide();
    side.channel.close({ code: 1000, reason: '' });
    side.read();
    expect(side.replies).toEqual([expect.any(ChannelError)]);
  });

  test('a completion that arrives after the close settles nothing', async () => {
    const side = newGuestSide();
    side.read();
    await turn();
    side.host.complete(1, ONE_BYTE);
    side.channel.close({ code: 1000, reason: '' });
    await turn();
    expect(side.replies).toEqual([expect.any(ChannelError)]);
  });

  test('a message outside its schema is not sent, and closes this channel with 1011', async () => {
    const side = newGuestSide();
    side.channel.request(readBlock, { ...READ, blockId: -1 }, (reply) => side.replies.push(reply));
    await turn();
    expect(side.host.received).toEqual([]);
    expect(side.host.closed).toMatchObject({ code: 1011 });
    expect(side.replies).toEqual([expect.any(ChannelError)]);
  });
});

describe('serving requests', () => {
  test('answers each once, though its handler answers twice', async () => {
    const side = newHostSide();
    const id = side.guest.request('READ_BLOCK', READ);
    await turn();
    side.responds[0]?.(ONE_BYTE);
    side.responds[0]?.({ status: NTSTATUS.STATUS_UNSUCCESSFUL });
    await turn();
    expect(side.guest.completionsOf(id)).toEqual([ONE_BYTE]);
    expect(side.channel.serving).toBe(0);
  });

  test('an answer after the close goes nowhere', async () => {
    const side = newHostSide();
    side.guest.request('READ_BLOCK', READ);
    await turn();
    side.guest.close();
    await turn();
    side.responds[0]?.(ONE_BYTE);
    await turn();
    expect(side.guest.received).toEqual([]);
    expect(side.channel.serving).toBe(0);
  });

  test('counts the requests that wait, with the one being served', async () => {
    const side = newHostSide();
    for (let each = 0; each < 3; each++) side.guest.request('READ_BLOCK', READ);
    await turn();
    expect(side.channel.serving).toBe(3);
    side.responds[1]?.(ONE_BYTE);
    expect(side.channel.serving).toBe(2);
  });

  test('two requests with one transaction id get two completions', async () => {
    const side = newHostSide();
    const frame = {
      packet: 'in-band',
      transactionId: 7,
      completionRequested: true,
      message: { type: 'READ_BLOCK', ...READ },
    };
    side.guest.json(frame);
    side.guest.json(frame);
    await turn();
    for (const respond of side.responds) respond(ONE_BYTE);
    await turn();
    expect(side.guest.completionsOf(7)).toHaveLength(2);
  });

  test('a handler for a message that goes the other way is a defect of this side', () => {
    const handlers = new PacketHandlers('guest-to-host');
    expect(() => handlers.on(eject, () => {})).toThrow('EJECT goes the other way');
  });
});

describe('notifications', () => {
  test('reach their handler, ask for no completion, and go nowhere after the close', async () => {
    const side = newHostSide();
    side.guest.notify('EJECT_COMPLETE', { slot: 0 });
    side.channel.notify(invalidateBlock, { slot: 0, blockMask: '0x8000000000000001' });
    await turn();
    expect(side.ejected).toBe(1);
    expect(side.guest.received).toEqual([
      {
        packet: 'in-band',
        transactionId: 1,
        completionRequested: false,
        message: { type: 'INVALIDATE_BLOCK', slot: 0, blockMask: '0x8000000000000001' },
      },
    ]);
    side.channel.close({ code: 1000, reason: '' });
    side.channel.notify(invalidateBlock, { slot: 0, blockMask: '0x0000000000000001' });
    await turn();
    expect(side.guest.received).toHaveLength(1);
  });
});

describe('the trace of a channel', () => {
  test('ties a request and its completion together, and names what they carry', async () => {
    const side = newGuestSide();
    side.channel.request(readBlock, READ, () => {}, 0);
    side.host.complete(1, ONE_BYTE);
    await turn();
    const [sent, completed] = side.events;
    expect(sent).toMatchObject({
      hop: 'guestPacketSent',
      name: 'READ_BLOCK',
      device: 'g1/0',
      transactionId: 1,
      blockId: 5,
      length: 2,
    });
    expect(completed).toMatchObject({
      hop: 'hostCompletionReceived',
      name: 'READ_BLOCK',
      transactionId: 1,
      status: 0,
      length: 1,
      cause: sent?.seq,
    });
  });

  test('says why the channel was closed', async () => {
    const side = newGuestSide();
    side.host.close({ code: 4004, reason: 'taken away' });
    await turn();
    expect(side.events.at(-1)).toMatchObject({ hop: 'channelClosed', note: 'ejected: taken away' });
  });

  test('counts frames and the bytes of their text in UTF-8', async () => {
    const side = newHostSide();
    const frame =
      '{"packet":"in-band","transactionId":1,"completionRequested":false,"message":{"type":"é"}}';
    side.guest.text(frame);
    side.channel.notify(eject, { slot: 0 });
    await turn();
    const answer = JSON.stringify(side.guest.received[0]);
    expect(side.channel.counters).toEqual({
      framesReceived: 1,
      bytesReceived: Buffer.byteLength(frame),
      framesSent: 1,
      bytesSent: Buffer.byteLength(answer),
    });
  });
});
