import { Buffer } from 'node:buffer';
import { NTSTATUS } from '../nt/ntstatus.ts';
import { CLOSE_CODES } from '../transport/close-codes.ts';
import type { CloseDetails, Transport } from '../transport/transport.ts';
import type {
  CompletionOf,
  MessageOf,
  NotificationDescriptor,
  RequestDescriptor,
} from '../wire/descriptor.ts';
import {
  completionText,
  firstIssue,
  headOf,
  packetText,
  parseAnyPacket,
  parseJson,
} from '../wire/frame.ts';
import { ChannelError } from './channel-error.ts';
import type { ChannelTracer } from './channel-tracer.ts';
import type { PacketHandler, PacketHandlers } from './packet-handlers.ts';
import { PendingRequests } from './pending-requests.ts';
import { malformed, unservedPacket } from './unserved-packet.ts';

/** Block requests that a guest may have waiting at its host. Linux guests keep to the same number. */
export const MAX_OUTSTANDING_REQUESTS = 64;

export interface ChannelCounters {
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface ChannelOptions {
  readonly transport: Transport;
  readonly tracer: ChannelTracer;
  /** Called once, after every waiting request was settled with a {@link ChannelError}. */
  readonly onClose: (details: CloseDetails) => void;
  readonly onDrain?: () => void;
}

/** A packet that has been held to the schema of its type. */
interface Served {
  readonly transactionId: number;
  readonly completionRequested: boolean;
  readonly message: never;
}

/**
 * One VPCI channel: typed requests, completions and notifications over a transport. Every frame is
 * held to its schema when it is sent and when it is received. What comes in ends in one of three
 * ways: it is valid and served; it is a packet that this side cannot serve, and is answered with
 * STATUS_BAD_DATA; or nothing can be answered, and the channel is closed.
 */
export class Channel {
  readonly #transport: Transport;
  readonly #tracer: ChannelTracer;
  readonly #onClose: (details: CloseDetails) => void;
  readonly #pending = new PendingRequests();
  readonly #onDrain: (() => void) | undefined;
  #handlers: PacketHandlers<unknown> | undefined;
  #owner: unknown;
  #serving = 0;
  #closed: CloseDetails | undefined;
  #counters = { framesSent: 0, framesReceived: 0, bytesSent: 0, bytesReceived: 0 };

  constructor(options: ChannelOptions) {
    this.#transport = options.transport;
    this.#tracer = options.tracer;
    this.#onClose = options.onClose;
    this.#onDrain = options.onDrain;
  }

  /** Begins to receive; what comes in is handled for `owner`. */
  open<O>(handlers: PacketHandlers<O>, owner: O): void {
    // The handlers are given this very owner, and nothing else.
    this.#handlers = handlers as PacketHandlers<unknown>;
    this.#owner = owner;
    this.#transport.listen({
      message: this.#receive.bind(this),
      close: this.#lost.bind(this),
      drain: this.#drained.bind(this),
    });
  }

  /** Whether a notification had better wait: the peer takes frames more slowly than they come. */
  get congested(): boolean {
    return this.#transport.congested;
  }

  /** Requests of this side that wait for their completion. */
  get outstanding(): number {
    return this.#pending.size;
  }

  /** Requests of the peer that have not been answered yet, with the one being served. */
  get serving(): number {
    return this.#serving;
  }

  get counters(): ChannelCounters {
    return { ...this.#counters };
  }

  /** Sends a request; `onReply` is called once, with the completion or with what ended the channel. */
  request<D extends RequestDescriptor>(
    descriptor: D,
    message: MessageOf<D>,
    onReply: (reply: CompletionOf<D> | ChannelError, cause: number) => void,
    cause = 0,
  ): void {
    if (this.#closed !== undefined) {
      onReply(new ChannelError(this.#closed), cause);
      return;
    }
    const transactionId = this.#pending.nextId();
    const sent = this.#tracer.sent(descriptor.type, transactionId, message, cause);
    this.#pending.add({
      transactionId,
      descriptor,
      cause: sent,
      // The reply was held to this descriptor's completion schema before it gets here.
      settle: onReply as (reply: unknown, cause: number) => void,
    });
    this.#sendPacket(descriptor, transactionId, message);
  }

  /** Sends a packet that nobody answers. */
  notify<D extends NotificationDescriptor>(descriptor: D, message: MessageOf<D>, cause = 0): void {
    if (this.#closed !== undefined) return;
    const transactionId = this.#pending.nextId();
    this.#tracer.sent(descriptor.type, transactionId, message, cause);
    this.#sendPacket(descriptor, transactionId, message);
  }

  /** Closes the channel on both sides; what waits is settled with a {@link ChannelError}. */
  close(details: CloseDetails): void {
    this.#transport.close(details);
    this.#lost(details);
  }

  #take(handler: PacketHandler<unknown>, frame: unknown): void {
    const { descriptor } = handler;
    const parsed = descriptor.frame.safeParse(frame);
    if (!parsed.success) {
      this.#refuse(frame, firstIssue(parsed.error));
      return;
    }
    // The schema has just said so; TypeScript cannot tell which schema it was.
    const { transactionId, completionRequested, message } = parsed.data as Served;
    const cause = this.#tracer.received(descriptor.type, transactionId, message);
    if (!('take' in handler)) {
      this.#serve(handler, transactionId, message, cause);
      return;
    }
    handler.take(this.#owner, message, cause);
    if (completionRequested) this.#complete(descriptor.type, transactionId, {}, cause);
  }

  #serve(
    { descriptor, serve }: Extract<PacketHandler<unknown>, { serve: unknown }>,
    transactionId: number,
    message: never,
    cause: number,
  ): void {
    this.#serving++;
    let answered = false;
    serve(
      this.#owner,
      message,
      (completion, because = cause) => {
        if (answered) return;
        answered = true;
        this.#serving--;
        this.#sendCompletion(descriptor, transactionId, completion, because);
      },
      cause,
    );
  }

  #receive(text: string): void {
    if (this.#closed !== undefined) return;
    this.#counters.framesReceived++;
    this.#counters.bytesReceived += Buffer.byteLength(text);
    const frame = parseJson(text);
    const head = headOf(frame);
    if (head.packet === 'completion') this.#receiveCompletion(frame, head.transactionId);
    else this.#receivePacket(frame, head.type);
  }

  #receivePacket(frame: unknown, type: unknown): void {
    const handler = this.#handlers?.get(type);
    if (handler === undefined) this.#refuse(frame);
    else this.#take(handler, frame);
  }

  #refuse(frame: unknown, issue?: string): void {
    const isAnswering = this.#handlers?.isAnswering(this.#owner) === true;
    const fate = unservedPacket(frame, issue, isAnswering);
    if ('code' in fate) {
      this.close(fate);
      return;
    }
    const { type, transactionId } = fate;
    const cause = this.#tracer.received(type, transactionId, {}, fate.note);
    const badData = { status: NTSTATUS.STATUS_BAD_DATA };
    if (fate.isCompleted) this.#complete(type, transactionId, badData, cause);
  }

  #receiveCompletion(frame: unknown, transactionId: unknown): void {
    const pending =
      typeof transactionId === 'number' ? this.#pending.get(transactionId) : undefined;
    if (pending === undefined) {
      const packet = parseAnyPacket(frame);
      if (packet === undefined) this.close(malformed('not a completion'));
      else this.#tracer.unexpected(packet.transactionId);
      return;
    }
    const parsed = pending.descriptor.completionFrame.safeParse(frame);
    if (!parsed.success) {
      this.close(malformed(firstIssue(parsed.error)));
      return;
    }
    const completion = parsed.data as { transactionId: number; message: { status: number } };
    this.#pending.remove(pending);
    const { descriptor, cause } = pending;
    pending.settle(
      completion.message,
      this.#tracer.completionReceived(
        descriptor.type,
        completion.transactionId,
        completion.message,
        cause,
      ),
    );
  }

  #sendPacket(
    descriptor: RequestDescriptor | NotificationDescriptor,
    transactionId: number,
    message: object,
  ): void {
    const typed = { type: descriptor.type, ...message };
    const checked = descriptor.message.safeParse(typed);
    if (checked.success)
      this.#send(packetText(transactionId, descriptor.kind === 'request', typed));
    else this.#cannotSend(descriptor.type, firstIssue(checked.error));
  }

  #sendCompletion<D extends RequestDescriptor>(
    descriptor: D,
    transactionId: number,
    message: CompletionOf<D>,
    cause: number,
  ): void {
    if (this.#closed !== undefined) return;
    const checked = descriptor.completion.safeParse(message);
    if (!checked.success) {
      this.#cannotSend(descriptor.type, firstIssue(checked.error));
      return;
    }
    this.#tracer.completionSent(descriptor.type, transactionId, message, cause);
    this.#send(completionText(transactionId, message));
  }

  /** A completion that is held to no schema: an empty one, or one of a status alone. */
  #complete(type: string, transactionId: number, message: object, cause: number): void {
    if (this.#closed !== undefined) return;
    this.#tracer.completionSent(type, transactionId, message, cause);
    this.#send(completionText(transactionId, message));
  }

  #send(text: string): void {
    this.#counters.framesSent++;
    // No schema lets through what is not ASCII, of which a character is a byte.
    this.#counters.bytesSent += text.length;
    this.#transport.send(text);
  }

  /** Only a defect of this side gets here; the other VFs keep running. */
  #cannotSend(type: string, issue: string): void {
    const reason = `${type} could not be sent: ${issue}`;
    this.close({ code: CLOSE_CODES.internalError.code, reason });
  }

  #drained(): void {
    this.#onDrain?.();
  }

  #lost(details: CloseDetails): void {
    if (this.#closed !== undefined) return;
    this.#closed = details;
    this.#tracer.closed(details);
    this.#pending.failAll(new ChannelError(details));
    this.#onClose(details);
  }
}
