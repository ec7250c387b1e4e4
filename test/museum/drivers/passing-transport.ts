import type { CloseDetails, Transport, TransportEvents } from '#shared/transport/transport.ts';

/** A transport that passes everything on, for an exhibit that does something to what passes. */
export class PassingTransport implements Transport {
  protected readonly inner: Transport;

  constructor(inner: Transport) {
    this.inner = inner;
  }

  get congested(): boolean {
    return this.inner.congested;
  }

  send(text: string): void {
    this.inner.send(text);
  }

  close(details: CloseDetails): void {
    this.inner.close(details);
  }

  listen(events: TransportEvents): void {
    this.inner.listen(events);
  }
}
