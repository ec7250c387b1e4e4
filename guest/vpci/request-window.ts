import { type Channel, MAX_OUTSTANDING_REQUESTS } from '#shared/vmbus/channel.ts';
import type { ChannelError } from '#shared/vmbus/channel-error.ts';
import type { CompletionOf, MessageOf, RequestDescriptor } from '#shared/wire/descriptor.ts';

/** Where the VPCI driver sends its requests. */
export type RequestChannel = Pick<Channel, 'request' | 'outstanding'>;

interface WaitingRequest {
  readonly send: () => void;
  next: WaitingRequest | undefined;
}

/**
 * Keeps a guest within the requests that a channel may have outstanding; what is beyond waits here,
 * first in, first out. Documents are silent; Linux guests fail the 65th request instead.
 */
export class RequestWindow {
  readonly #channel: RequestChannel;
  #first: WaitingRequest | undefined;
  #last: WaitingRequest | undefined;
  #sending = false;

  constructor(channel: RequestChannel) {
    this.#channel = channel;
  }

  request<D extends RequestDescriptor>(
    descriptor: D,
    message: MessageOf<D>,
    onReply: (reply: CompletionOf<D> | ChannelError, cause: number) => void,
    cause: number,
  ): void {
    if (this.#first === undefined && this.#mayFollow()) {
      this.#sending = true;
      this.#send(descriptor, message, onReply, cause);
      this.#sending = false;
    } else {
      this.#add(() => this.#send(descriptor, message, onReply, cause));
    }
    this.#sendWaiting();
  }

  #send<D extends RequestDescriptor>(
    descriptor: D,
    message: MessageOf<D>,
    onReply: (reply: CompletionOf<D> | ChannelError, cause: number) => void,
    cause: number,
  ): void {
    this.#channel.request(
      descriptor,
      message,
      (reply, received) => {
        this.#sendWaiting();
        onReply(reply, received);
      },
      cause,
    );
  }

  #add(send: () => void): void {
    const request: WaitingRequest = { send, next: undefined };
    if (this.#last === undefined) this.#first = request;
    else this.#last.next = request;
    this.#last = request;
  }

  /**
   * Sends what there is room for. On a channel that is lost there is always room, and each request
   * fails while it is sent; this loop and not that failure goes on to the next, so that the stack
   * does not grow.
   */
  #sendWaiting(): void {
    while (this.#first !== undefined && this.#mayFollow()) {
      const { send, next } = this.#first;
      this.#first = next;
      if (next === undefined) this.#last = undefined;
      this.#sending = true;
      send();
      this.#sending = false;
    }
  }

  /** Whether a request may be sent now: there is room, and none is just being sent. */
  #mayFollow(): boolean {
    return !this.#sending && this.#channel.outstanding < MAX_OUTSTANDING_REQUESTS;
  }
}
