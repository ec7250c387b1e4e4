import type { Transport, TransportEvents } from '#shared/transport/transport.ts';
import { PassingTransport } from '../../drivers/passing-transport.ts';

/** Larger than any packet. */
const BUFFER_BYTES = 4096;

const TYPE = /"type":"(\w+)"/;

/**
 * hv_pci_onchannelcallback in miniature: receives each packet into one buffer, and hands on as much of
 * that as the type of the message is long. `checksLength` is whether it looks first how much has come.
 */
export class ChannelCallback extends PassingTransport {
  readonly #checksLength: boolean;
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  /** The sizes of the structures, by type; here what the first message of each had. */
  readonly #sizes = new Map<string, number>();

  constructor(inner: Transport, checksLength: boolean) {
    super(inner);
    this.#checksLength = checksLength;
  }

  override listen(events: TransportEvents): void {
    super.listen({ ...events, message: (text) => events.message(this.#received(text)) });
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
