import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { Transport, TransportEvents } from '#shared/transport/transport.ts';
import { PassingTransport } from '../../drivers/passing-transport.ts';

/** What a guest does with a packet of a type that it does not know. */
export type Unknown = 'endsTheWorker' | 'isPassedOver';

/** The types that the guest of this exhibit knows, of those that a host sends on its own account. */
const KNOWN: readonly string[] = ['BUS_RELATIONS', 'BUS_RELATIONS2', 'EJECT', 'INVALIDATE_BLOCK'];

const PACKET = /^\{"packet":"in-band".*"type":"(\w+)"/;

/** The worker of vpci_client in miniature: takes packet after packet, until it fails. */
export class StrictWorker extends PassingTransport {
  readonly #unknown: Unknown;

  constructor(inner: Transport, unknown: Unknown) {
    super(inner);
    this.#unknown = unknown;
  }

  override listen(events: TransportEvents): void {
    super.listen({ ...events, message: (text) => this.#take(text, events) });
  }

  #take(text: string, events: TransportEvents): void {
    const type = PACKET.exec(text)?.[1];
    if (type === undefined || KNOWN.includes(type)) events.message(text);
    else if (this.#unknown === 'endsTheWorker') this.#fail(type, events);
  }

  #fail(type: string, events: TransportEvents): void {
    const { code } = CLOSE_CODES.protocolError;
    const details = { code, reason: `unexpected packet type ${type}` };
    this.inner.close(details);
    events.close(details);
  }
}
