import { Buffer } from 'node:buffer';
import { CLOSE_CODES, MAX_FRAME_BYTES } from './close-codes.ts';
import { Inbox } from './inbox.ts';
import type { CloseDetails, Transport, TransportEvents } from './transport.ts';

/** Runs a task soon, after the caller returned, in the order given. */
export type Defer = (task: () => void) => void;

/** A UTF-16 code unit takes at most so many bytes in UTF-8. */
const MOST_BYTES_PER_UNIT = 3;

const settled = Promise.resolve();

/** A microtask, without the resource that `queueMicrotask` makes for each, which costs more than it. */
function afterThisTask(task: () => void): void {
  void settled.then(task);
}

/**
 * Two transports that carry text to each other inside one process. A frame arrives after the
 * sender returned, as it would over a socket, so neither side can rely on being called back at once.
 */
export function createLinkedPair(defer: Defer = afterThisTask): [Transport, Transport] {
  const left = new LinkedTransport(defer);
  const right = new LinkedTransport(defer);
  left.link(right);
  right.link(left);
  return [left, right];
}

class LinkedTransport implements Transport {
  readonly congested = false;
  readonly #defer: Defer;
  readonly #inbox = new Inbox();
  #peer: LinkedTransport | undefined;
  #closed = false;

  constructor(defer: Defer) {
    this.#defer = defer;
  }

  link(peer: LinkedTransport): void {
    this.#peer = peer;
  }

  send(text: string): void {
    if (this.#closed) return;
    if (isTooLarge(text)) {
      const { code, meaning } = CLOSE_CODES.frameTooLarge;
      this.close({ code, reason: meaning });
      return;
    }
    const peer = this.#peer;
    this.#defer(() => peer?.deliver(text));
  }

  close(details: CloseDetails): void {
    if (this.#closed) return;
    this.#closed = true;
    const peer = this.#peer;
    this.#defer(() => {
      this.#inbox.close(details);
      peer?.closeFromPeer(details);
    });
  }

  listen(events: TransportEvents): void {
    this.#inbox.listen(events);
  }

  deliver(text: string): void {
    if (!this.#closed) this.#inbox.message(text);
  }

  closeFromPeer(details: CloseDetails): void {
    this.#closed = true;
    this.#inbox.close(details);
  }
}

function isTooLarge(text: string): boolean {
  return (
    text.length * MOST_BYTES_PER_UNIT > MAX_FRAME_BYTES && Buffer.byteLength(text) > MAX_FRAME_BYTES
  );
}
