import type { CloseDetails, TransportEvents } from './transport.ts';

/**
 * The receiving half that every transport shares: keeps what arrives before there is a listener,
 * and sees to it that the close is told once and nothing comes after it. A transport that reads
 * from outside must not read before there is a listener, so that nothing piles up here.
 */
export class Inbox {
  #events: TransportEvents | undefined;
  #early: string[] = [];
  #closed: CloseDetails | undefined;
  #closeTold = false;

  listen(events: TransportEvents): void {
    if (this.#events !== undefined) throw new Error('a transport has one listener');
    this.#events = events;
    for (const text of this.#early.splice(0)) if (!this.#closeTold) events.message(text);
    this.#tellClose();
  }

  message(text: string): void {
    if (this.#closed !== undefined) return;
    if (this.#events === undefined) this.#early.push(text);
    else this.#events.message(text);
  }

  drain(): void {
    if (this.#closed === undefined) this.#events?.drain();
  }

  close(details: CloseDetails): void {
    this.#closed ??= details;
    this.#tellClose();
  }

  #tellClose(): void {
    if (this.#closeTold || this.#closed === undefined || this.#events === undefined) return;
    this.#closeTold = true;
    this.#events.close(this.#closed);
  }
}
