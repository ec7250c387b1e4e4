import { type Channel, MAX_OUTSTANDING_REQUESTS } from '#shared/vmbus/channel.ts';
import type { ChannelError } from '#shared/vmbus/channel-error.ts';
import type { CompletionOf, MessageOf, RequestDescriptor } from '#shared/wire/descriptor.ts';

/**
 * Keeps a guest within the requests that a channel may have outstanding; what is beyond waits here,
 * first in, first out. Documents are silent; Linux guests fail the 65th request instead.
 */
export class RequestWindow {
  readonly #channel: Channel;
  #waiting: (() => void)[] = [];

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Requests that have not been sent yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  request<D extends RequestDescriptor>(
    descriptor: D,
    message: MessageOf<D>,
    onReply: (reply: CompletionOf<D> | ChannelError, cause: number) => void,
    cause: number,
  ): void {
    const send = (): void =>
      this.#channel.request(
        descriptor,
        message,
        (reply, received) => {
          this.#sendNext();
          onReply(reply, received);
        },
        cause,
      );
    if (this.#channel.outstanding < MAX_OUTSTANDING_REQUESTS) send();
    else this.#waiting.push(send);
  }

  #sendNext(): void {
    this.#waiting.shift()?.();
  }
}
