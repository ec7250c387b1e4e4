import { describe, expect, test } from 'vitest';
import { ConfigWindow } from '#guest/vpci/config-window.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { Channel } from '#shared/vmbus/channel.ts';
import { ChannelTracer } from '#shared/vmbus/channel-tracer.ts';
import { PacketHandlers } from '#shared/vmbus/packet-handlers.ts';
import { createControlledPair } from '#test/kit/world/controlled-transport.ts';
import { turn } from '#test/kit/world/turn.ts';
import { hex } from '#test/support/hex.ts';
import { RawHost } from '#test/support/raw-host.ts';

const READ = 'config-window-read';
const WRITE = 'config-window-write';

/** A configuration window, over a channel whose other end speaks frames by hand. */
class Bench {
  readonly host: RawHost;
  readonly window: ConfigWindow;
  readonly events: TraceEvent[] = [];

  constructor() {
    const [mine, theirs] = createControlledPair();
    const trace = new Trace(() => 0);
    trace.listen((event) => this.events.push(event));
    const identity = () => ({ device: 'g1/0' });
    const tracer = new ChannelTracer(trace, 'guest-to-host', identity());
    const channel = new Channel({ transport: mine, tracer, onClose: () => {} });
    channel.open(new PacketHandlers('host-to-guest'), undefined);
    this.window = new ConfigWindow(channel, trace, identity);
    this.host = new RawHost(theirs);
    this.host.answers[READ] = ({ message }) => {
      const offset = Number(message['offset']);
      const bytes = [3, 2, 1, 0].map((byte) => (offset + byte) & 0xff);
      const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
      const bits = 8 * Number(message['bytesRequested']);
      return { status: 0, value: value % 2 ** bits };
    };
    this.host.answers[WRITE] = () => ({ status: 0 });
  }

  /** What each access asked for. */
  accesses(type: string): unknown[] {
    return this.host.requestsOf(type).map(({ message: { type: _type, ...fields } }) => fields);
  }

  async read(offset: number, length: number, buffer = new Uint8Array(length), dataType = 0) {
    const { count } = await this.window.getBusData(dataType, buffer, offset, length, 0);
    return { count, buffer };
  }
}

describe('a call for the configuration window', () => {
  test.each([
    ['another space', 0x5269_6350, 0, 4, 4],
    ['a range beyond 256 bytes', 0, 254, 4, 4],
    ['an offset of -1', 0, -1, 4, 4],
    ['an offset that is no integer', 0, 0.5, 4, 4],
    ['no bytes', 0, 0, 0, 4],
    ['-1 bytes', 0, 0, -1, 4],
    ['no number of bytes', 0, 0, Number.NaN, 4],
    ['more bytes than the buffer has', 0, 0, 5, 4],
  ])(
    'with %s moves nothing, and asks for nothing',
    async (_what, dataType, offset, length, size) => {
      const bench = new Bench();
      const buffer = new Uint8Array(size).fill(0xee);
      expect((await bench.read(offset, length, buffer, dataType)).count).toBe(0);
      const written = await bench.window.setBusData(dataType, buffer, offset, length, 0);
      expect(written.count).toBe(0);
      expect(hex(buffer)).toBe('EE EE EE EE');
      expect(bench.host.received).toEqual([]);
    },
  );

  test.each([
    [0, 4, [[0, 4]]],
    [
      1,
      6,
      [
        [1, 1],
        [2, 2],
        [4, 2],
        [6, 1],
      ],
    ],
    [
      2,
      7,
      [
        [2, 2],
        [4, 4],
        [8, 1],
      ],
    ],
    [7, 1, [[7, 1]]],
    [
      248,
      8,
      [
        [248, 4],
        [252, 4],
      ],
    ],
  ])(
    'at %i of %i bytes is made of the accesses of a processor [config-space.window-accesses]',
    async (offset, length, accesses) => {
      const bench = new Bench();
      const { count, buffer } = await bench.read(offset, length);
      expect(count).toBe(length);
      expect([...buffer]).toEqual(Array.from({ length }, (_, index) => (offset + index) & 0xff));
      expect(bench.accesses(READ)).toEqual(
        accesses.map(([from, bytesRequested]) => ({ slot: 0, offset: from, bytesRequested })),
      );
      const data = Uint8Array.from({ length }, (_, index) => 0x80 + index);
      expect((await bench.window.setBusData(0, data, offset, length, 0)).count).toBe(length);
      expect(bench.accesses(WRITE)).toMatchObject(
        accesses.map(([from, byteCount]) => ({ slot: 0, offset: from, byteCount })),
      );
      const first = accesses[0]?.[1] ?? 0;
      const low = [...data.subarray(0, first)].reduceRight((sum, byte) => sum * 256 + byte, 0);
      expect(bench.accesses(WRITE)[0]).toMatchObject({ value: low });
    },
  );

  test('waits for those before it, one access at a time [config-space.one-access]', async () => {
    const bench = new Bench();
    delete bench.host.answers[READ];
    const calls = Promise.all([bench.read(0, 8), bench.read(44, 4)]);
    await turn();
    expect(bench.host.requestsOf(READ)).toHaveLength(1);
    for (const expected of [0, 4, 44]) {
      await turn();
      const request = bench.host.requestsOf(READ).at(-1);
      expect(request?.message['offset']).toBe(expected);
      bench.host.complete(request?.transactionId ?? 0, { status: 0, value: expected });
    }
    expect((await calls).map(({ count }) => count)).toEqual([8, 4]);
  });

  test('ends with the first access that fails, and counts the bytes before it', async () => {
    const bench = new Bench();
    const ordinary = bench.host.answers[READ];
    bench.host.answers[READ] = (frame) =>
      frame.message['offset'] === 8 ? { status: 0xc000000d } : ordinary?.(frame);
    const { count, buffer } = await bench.read(0, 16, new Uint8Array(16).fill(0xee));
    expect(count).toBe(8);
    expect(hex(buffer.subarray(6, 10))).toBe('06 07 EE EE');
    expect(bench.host.requestsOf(READ)).toHaveLength(3);
    expect((await bench.read(0, 4)).count).toBe(4);
  });

  test.each([
    ['a status of failure', { status: NTSTATUS.STATUS_UNSUCCESSFUL }],
    ['STATUS_PENDING', { status: NTSTATUS.STATUS_PENDING, value: 1 }],
    ['a success without a value', { status: 0 }],
  ])('is not answered by %s', async (_what, completion) => {
    const bench = new Bench();
    bench.host.answers[READ] = () => completion;
    expect(await bench.read(0, 4)).toEqual({ count: 0, buffer: new Uint8Array(4) });
  });

  test('takes of a value no more bytes than it asked for', async () => {
    const bench = new Bench();
    bench.host.answers[READ] = () => ({ status: 0, value: 0xffff_ffff });
    const buffer = new Uint8Array(4);
    expect((await bench.read(0, 1, buffer)).count).toBe(1);
    expect(hex(buffer)).toBe('FF 00 00 00');
  });

  test('on a channel that is lost moves nothing', async () => {
    const bench = new Bench();
    delete bench.host.answers[READ];
    const call = bench.read(0, 8);
    await turn();
    bench.host.close();
    expect((await call).count).toBe(0);
    expect((await bench.read(0, 4)).count).toBe(0);
    const returns = bench.events.filter(({ hop }) => hop === 'busInterfaceReturn');
    expect(returns.map(({ status }) => status)).toEqual([
      NTSTATUS.STATUS_DEVICE_NOT_CONNECTED,
      NTSTATUS.STATUS_DEVICE_NOT_CONNECTED,
    ]);
  });

  test('into a buffer whose memory was given away meanwhile fails', async () => {
    const bench = new Bench();
    delete bench.host.answers[READ];
    const buffer = new Uint8Array(4);
    const call = bench.read(0, 4, buffer);
    await turn();
    structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
    bench.host.complete(1, { status: 0, value: 1 });
    expect((await call).count).toBe(0);
  });

  test('writes the bytes that the buffer had when it was made', async () => {
    const bench = new Bench();
    const data = Uint8Array.of(1, 2, 3, 4);
    const call = bench.window.setBusData(0, data, 4, 4, 0);
    data.fill(0xff);
    expect((await call).count).toBe(4);
    expect(bench.accesses(WRITE)).toEqual([
      { slot: 0, offset: 4, byteCount: 4, value: 0x0403_0201 },
    ]);
  });
});
