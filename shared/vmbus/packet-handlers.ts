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

/** Serves a kind of request for the owner of the channel. */
type Serve<O, D extends RequestDescriptor> = (
  owner: O,
  message: MessageOf<D>,
  respond: Respond<D>,
  cause: number,
) => void;

/** Takes a kind of notification for the owner of the channel. */
type Take<O, D extends NotificationDescriptor> = (
  owner: O,
  message: MessageOf<D>,
  cause: number,
) => void;

/** What is done with one kind of packet, once it has been held to its descriptor. */
export type PacketHandler<O> =
  | { readonly descriptor: RequestDescriptor; readonly serve: Serve<O, RequestDescriptor> }
  | { readonly descriptor: NotificationDescriptor; readonly take: Take<O, NotificationDescriptor> };

/**
 * What one side of a channel does with the packets of the other, by their type. The same table serves
 * every channel of its kind, so that a channel which is idle costs next to nothing; what differs from
 * channel to channel is the owner, which each handler is given.
 */
export class PacketHandlers<O> {
  readonly #takes: Direction;
  readonly #handlers = new Map<string, PacketHandler<O>>();
  #isAnswering: (owner: O) => boolean = () => true;

  constructor(takes: Direction) {
    this.#takes = takes;
  }

  /** Adds how a kind of request is served. @throws when that goes the other way */
  handle<D extends RequestDescriptor>(descriptor: D, serve: Serve<O, D>): this {
    return this.#add(descriptor, { descriptor, serve });
  }

  /** Adds how a kind of notification is taken. @throws when that goes the other way */
  on<D extends NotificationDescriptor>(descriptor: D, take: Take<O, D>): this {
    return this.#add(descriptor, { descriptor, take });
  }

  /**
   * Adds from when on a packet that cannot be served is answered, with STATUS_BAD_DATA, instead of
   * being the end of the channel. Without such a rule it is answered always.
   */
  answeringWhen(isAnswering: (owner: O) => boolean): this {
    this.#isAnswering = isAnswering;
    return this;
  }

  /** Whether a packet that cannot be served is answered now. */
  isAnswering(owner: O): boolean {
    return this.#isAnswering(owner);
  }

  get(type: unknown): PacketHandler<O> | undefined {
    return typeof type === 'string' ? this.#handlers.get(type) : undefined;
  }

  #add({ type, direction }: RequestDescriptor | NotificationDescriptor, handler: object): this {
    if (direction !== this.#takes) throw new Error(`${type} goes the other way`);
    // Who calls the handler has held the message to this very descriptor.
    this.#handlers.set(type, handler as PacketHandler<O>);
    return this;
  }
}
