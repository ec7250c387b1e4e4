import { VpciDriver } from '#guest/vpci/vpci-driver.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { Trace } from '#shared/trace/trace.ts';
import { createLinkedPair } from '#shared/transport/in-memory.ts';
import type { Transport } from '#shared/transport/transport.ts';
import { Channel } from '#shared/vmbus/channel.ts';
import { ChannelTracer } from '#shared/vmbus/channel-tracer.ts';
import { PacketHandlers } from '#shared/vmbus/packet-handlers.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import { readBlock, writeBlock } from '#shared/wire/block.ts';
import { bytesFromWire, bytesToWire } from '#shared/wire/codecs.ts';
import type { Direction } from '#shared/wire/descriptor.ts';

/** What is beneath a VF miniport: where its reads and writes of blocks go. */
export interface Device {
  /** The bytes of a block, or undefined when the read fails. */
  read(blockId: BlockId, length: number): Promise<Uint8Array | undefined>;
  /** Whether the write succeeded. */
  write(blockId: BlockId, data: Uint8Array): Promise<boolean>;
  /** Bytes of its configuration space, or undefined when the read fails. */
  readSpace(offset: number, length: number): Promise<Uint8Array | undefined>;
  /** Whether the write of its configuration space succeeded. */
  writeSpace(offset: number, data: Uint8Array): Promise<boolean>;
}

const { STATUS_SUCCESS, STATUS_UNSUCCESSFUL } = NTSTATUS;

const HOST = new PacketHandlers<Device>('guest-to-host')
  .handle(readBlock, (device, { blockId, bytesRequested }, respond) => {
    const failed = (): void => respond({ status: STATUS_UNSUCCESSFUL });
    device.read(blockId, bytesRequested).then((data) => {
      if (data === undefined) failed();
      else respond({ status: STATUS_SUCCESS, bytes: bytesToWire(data) });
    }, failed);
  })
  .handle(writeBlock, (device, { blockId, bytes }, respond) => {
    device.write(blockId, bytesFromWire(bytes)).then(
      (isWritten) => respond({ status: isWritten ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL }),
      () => respond({ status: STATUS_UNSUCCESSFUL }),
    );
  });

/** The VPCI driver itself, in D0, over a channel at whose other end is a device. */
export function vpciDriverOver(device: Device): VpciDriver {
  return new VpciDriver(channelTo(device), new Trace(() => 0), () => ({ device: 'contract/0' }));
}

/** The guest's end of a channel at whose other end is a device. */
export function channelTo(device: Device): Channel {
  const [guestEnd, hostEnd] = createLinkedPair();
  newChannel(hostEnd, 'host-to-guest').open(HOST, device);
  const channel = newChannel(guestEnd, 'guest-to-host');
  channel.open(new PacketHandlers('host-to-guest'), undefined);
  return channel;
}

function newChannel(transport: Transport, sends: Direction): Channel {
  const tracer = new ChannelTracer(new Trace(() => 0), sends, { device: 'contract/0' });
  return new Channel({ transport, tracer, onClose: () => {} });
}
