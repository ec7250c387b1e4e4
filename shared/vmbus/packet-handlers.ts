import type {
  CompletionOf,
  Direction,
  MessageOf,
  NotificationDescriptor,
  RequestDescriptor,
} from '../wire/descriptor.ts';

/** Answers a request, once; a second answer is dropped. `cause` is the trace event that led to it. */
export type Respond<D extends RequestDescriptor> = (
  completion: CompletionOf<D>,
  cause?: number,
) => void;

/** Serves a kind of request. */
export type Serve<D extends RequestDescriptor> = (
  message: MessageOf<D>,
  respond: Respond<D>,
  cause: number,
) => void;

/** Takes a kind of notification. */
export type Take<D extends NotificationDescriptor> = (message: MessageOf<D>, cause: number) => void;

/** What is done with one kind of packet, once it has been held to its descriptor. */
export type PacketHandler =
  | { readonly descriptor: RequestDescriptor; readonly serve: Serve<RequestDescriptor> }
  | { readonly descriptor: NotificationDescriptor; readonly take: Take<NotificationDescriptor> };

/** What one side of a channel does with the packets of the other, by their type. */
export class PacketHandlers {
  readonly #takes: Direction;
  readonly #handlers = new Map<string, PacketHandler>();

  constructor(takes: Direction) {
    this.#takes = takes;
  }

  get(type: unknown): PacketHandler | undefined {
    return typeof type === 'string' ? this.#handlers.get(type) : undefined;
  }

  /** @throws when the packet goes the other way */
  set<D extends RequestDescriptor>(descriptor: D, handler: { readonly serve: Serve<D> }): void;
  set<D extends NotificationDescriptor>(descriptor: D, handler: { readonly take: Take<D> }): void;
  set(descriptor: RequestDescriptor | NotificationDescriptor, handler: object): void {
    const { type, direction } = descriptor;
    if (direction !== this.#takes) throw new Error(`${type} goes the other way`);
    // Who calls the handler has held the message to this very descriptor.
    this.#handlers.set(type, { descriptor, ...handler } as PacketHandler);
  }
}
