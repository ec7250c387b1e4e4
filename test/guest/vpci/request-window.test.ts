import { describe, expect, test } from 'vitest';
import { RequestWindow } from '#guest/vpci/request-window.ts';
import { Trace } from '#shared/trace/trace.ts';
import { Channel } from '#shared/vmbus/channel.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { ChannelTracer } from '#shared/vmbus/channel-tracer.ts';
import { PacketHandlers } from '#shared/vmbus/packet-handlers.ts';
import { readBlock } from '#shared/wire/block.ts';
import { createControlledPair } from '#test/kit/world/controlled-transport.ts';
import { turn } from '#test/kit/world/turn.ts';
import { RawHost } from '#test/support/raw-host.ts';

function newBench() {
  const [mine, theirs] = createControlledPair();
  const channel = new Channel({
    transport: mine,
    tracer: new ChannelTracer(new Trace(() => 0), 'guest-to-host', { device: 'g1/0' }),
    onClose: () => {},
  });
  channel.open(new PacketHandlers('host-to-guest'), undefined);
  const window = new RequestWindow(channel);
  const settled: number[] = [];
  const failed: number[] = [];
  const read = (blockId: number, then: () => void = () => {}): void =>
    window.request(
      readBlock,
      { blockId, slot: 0, bytesRequested: 1 },
      (reply) => {
        (reply instanceof ChannelError ? failed : settled).push(blockId);
        then();
      },
      0,
    );
  const host = new RawHost(theirs);
  const asked = (): unknown[] => host.received.map(({ message }) => message['blockId']);
  return { channel, host, read, asked, settled, failed };
}

const DATA = { status: 0, bytes: 'AA==' };

describe('the request window of a guest', () => {
  test('on a channel that is lost fails what waits, each request once', async () => {
    const bench = newBench();
    for (let block = 0; block < 70; block++) bench.read(block);
    await turn();
    bench.host.close();
    await turn();
    expect(bench.failed.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 70 }, (_, block) => block),
    );
    expect(bench.asked()).toHaveLength(64);
  });

  test('lets 64 requests out, and each further one when one has been completed, in order [concurrency.guest-keeps-to-64]', async () => {
    const bench = newBench();
    for (let block = 0; block < 70; block++) bench.read(block);
    await turn();
    expect(bench.asked()).toEqual(Array.from({ length: 64 }, (_, block) => block));
    bench.host.complete(10, DATA);
    bench.host.complete(20, DATA);
    await turn();
    expect(bench.asked().slice(64)).toEqual([64, 65]);
    expect(bench.channel.outstanding).toBe(64);
  });

  test('a request made inside a reply waits behind those that waited before it', async () => {
    const bench = newBench();
    for (let block = 0; block < 66; block++) {
      bench.read(block, block === 0 ? () => bench.read(100) : undefined);
    }
    await turn();
    bench.host.complete(1, DATA);
    await turn();
    expect(bench.asked().slice(64)).toEqual([64]);
    expect(bench.channel.outstanding).toBe(64);
    bench.host.complete(2, DATA);
    bench.host.complete(3, DATA);
    await turn();
    expect(bench.asked().slice(64)).toEqual([64, 65, 100]);
  });
});
