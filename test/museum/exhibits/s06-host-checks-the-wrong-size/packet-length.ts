import { LinuxVirtualFunction } from '#guest/linux/linux-virtual-function.ts';
import type { CloseDetails, Transport, TransportEvents } from '#shared/transport/transport.ts';
import { WRITE_PADDING_BYTES } from '#shared/wire/codecs.ts';
import type { GuestBus } from '../../../kit/world/guest-bus.ts';

/** How long the packet of a write is that a guest sends. */
export type PacketLength = 'asDocumented' | 'withSpareBytes';

const WRITE_DATA = /("type":"WRITE_BLOCK".*"bytes":")([^"]*)"/;

/** pci-hyperv, with packets of writes that are as long as the documents say, or four bytes longer. */
export function busWith(length: PacketLength): GuestBus {
  return (options) => {
    const { transport } = options;
    return new LinuxVirtualFunction({
      ...options,
      transport: length === 'asDocumented' ? new ExactPackets(transport) : transport,
    });
  };
}

/** Takes from each write the spare bytes that pci-hyperv has added. */
class ExactPackets implements Transport {
  readonly #inner: Transport;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  get congested(): boolean {
    return this.#inner.congested;
  }

  send(text: string): void {
    this.#inner.send(
      text.replace(WRITE_DATA, (_all, head: string, base64: string) => {
        const bytes = Buffer.from(base64, 'base64').subarray(0, -WRITE_PADDING_BYTES);
        return `${head}${bytes.toString('base64')}"`;
      }),
    );
  }

  close(details: CloseDetails): void {
    this.#inner.close(details);
  }

  listen(events: TransportEvents): void {
    this.#inner.listen(events);
  }
}
