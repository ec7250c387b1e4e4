import type { CloseDetails, Transport, TransportEvents } from '#shared/transport/transport.ts';

/** Larger than any packet. */
const BUFFER_BYTES = 4096;

const TYPE = /"type":"(\w+)"/;

/**
 * hv_pci_onchannelcallback in miniature: receives each packet into one buffer, and hands on as much of
 * that as the type of the message is long. `checksLength` is whether it looks first how much has come.
 */
export class ChannelCallback implements Transport {
  readonly #inner: Transport;
  readonly #checksLength: boolean;
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  /** The sizes of the structures, by type; here what the first message of each had. */
  readonly #sizes = new Map<string, number>();

  constructor(inner: Transport, checksLength: boolean) {
    this.#inner = inner;
    this.#checksLength = checksLength;
  }

  get congested(): boolean {
    return this.#inner.congested;
  }

  send(text: string): void {
    this.#inner.send(text);
  }

  close(details: CloseDetails): void {
    this.#inner.close(details);
  }

  listen(events: TransportEvents): void {
    this.#inner.listen({
      message: (text) => events.message(this.#received(text)),
      close: (details) => events.close(details),
      drain: () => events.drain(),
    });
  }

  #received(text: string): string {
    const bytesReceived = this.#buffer.write(text);
    const type = TYPE.exec(text)?.[1];
    if (type === undefined) return text;
    const size = this.#sizes.get(type) ?? bytesReceived;
    this.#sizes.set(type, size);
    if (this.#checksLength && bytesReceived < size) return text;
    return this.#buffer.toString('utf8', 0, Math.max(size, bytesReceived));
  }
}
