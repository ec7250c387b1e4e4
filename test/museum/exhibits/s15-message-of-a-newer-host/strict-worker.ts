import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails, Transport, TransportEvents } from '#shared/transport/transport.ts';

/** What a guest does with a packet of a type that it does not know. */
export type Unknown = 'endsTheWorker' | 'isPassedOver';

/** The types that the guest of this exhibit knows, of those that a host sends on its own account. */
const KNOWN: readonly string[] = ['BUS_RELATIONS', 'BUS_RELATIONS2', 'EJECT', 'INVALIDATE_BLOCK'];

const PACKET = /^\{"packet":"in-band".*"type":"(\w+)"/;

/** The worker of vpci_client in miniature: takes packet after packet, until it fails. */
export class StrictWorker implements Transport {
  readonly #inner: Transport;
  readonly #unknown: Unknown;

  constructor(inner: Transport, unknown: Unknown) {
    this.#inner = inner;
    this.#unknown = unknown;
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
    this.#inner.listen({ ...events, message: (text) => this.#take(text, events) });
  }

  #take(text: string, events: TransportEvents): void {
    const type = PACKET.exec(text)?.[1];
    if (type === undefined || KNOWN.includes(type)) events.message(text);
    else if (this.#unknown === 'endsTheWorker') this.#fail(type, events);
  }

  #fail(type: string, events: TransportEvents): void {
    const { code } = CLOSE_CODES.protocolError;
    const details = { code, reason: `unexpected packet type ${type}` };
    this.#inner.close(details);
    events.close(details);
  }
}
