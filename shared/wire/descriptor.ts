import * as z from 'zod';

export type Direction = 'guest-to-host' | 'host-to-guest';

/** The fields of a message or of a completion, each a schema. */
type Shape = z.core.$ZodLooseShape;

/** Transaction ids count from 1 on each side of a channel; a completion repeats its request's. */
const transactionId = z.int().min(1);

function messageSchema<T extends string, S extends Shape>(type: T, shape: S) {
  return z.strictObject({ type: z.literal(type), ...shape });
}

function packetSchema<M extends z.ZodType, C extends z.ZodType<boolean>>(
  message: M,
  completionRequested: C,
) {
  return z.strictObject({
    packet: z.literal('in-band'),
    transactionId,
    completionRequested,
    message,
  });
}

function completionSchema<M extends z.ZodType>(message: M) {
  return z.strictObject({ packet: z.literal('completion'), transactionId, message });
}

/** One message of the channel: its names, its direction, and the schema of the frame it travels in. */
interface Described {
  /** The documented name, which is also the `type` on the wire. */
  readonly type: string;
  /** The number of the message on the real channel; undefined for a stand-in, which is none there. */
  readonly number: number | undefined;
  readonly direction: Direction;
  /** The lowest protocol version in which the message exists. */
  readonly since: number;
  /** What it says, in one sentence. */
  readonly summary: string;
}

/** A message whose sender wants a completion. */
export function defineRequest<T extends string, S extends Shape, C extends Shape>(
  described: Described & { readonly type: T },
  shape: S,
  completion: C,
) {
  const message = messageSchema(described.type, shape);
  const completionMessage = z.strictObject(completion);
  return {
    ...described,
    kind: 'request' as const,
    message,
    frame: packetSchema(message, z.literal(true)),
    completion: completionMessage,
    completionFrame: completionSchema(completionMessage),
  };
}

/** A message that nobody answers. */
export function defineNotification<T extends string, S extends Shape>(
  described: Described & { readonly type: T },
  shape: S,
) {
  const message = messageSchema(described.type, shape);
  return {
    ...described,
    kind: 'notification' as const,
    message,
    frame: packetSchema(message, z.literal(false)),
  };
}

/** A message without an answer of its own, whose sender may ask for a completion, which is empty. */
export function defineAcknowledged<T extends string, S extends Shape>(
  described: Described & { readonly type: T },
  shape: S,
) {
  const message = messageSchema(described.type, shape);
  return {
    ...described,
    kind: 'notification' as const,
    message,
    frame: packetSchema(message, z.boolean()),
    completionFrame: completionSchema(z.strictObject({})),
  };
}

/** What the channel needs of a descriptor, whatever its message. */
export interface RequestDescriptor extends Described {
  readonly kind: 'request';
  /** What a packet says, and the whole frame it travels in. */
  readonly message: z.ZodType;
  readonly frame: z.ZodType;
  /** What its completion says, and the whole frame that travels in. */
  readonly completion: z.ZodType;
  readonly completionFrame: z.ZodType;
}

export interface NotificationDescriptor extends Described {
  readonly kind: 'notification';
  readonly message: z.ZodType;
  readonly frame: z.ZodType;
  /** The frame of its completion, which is empty; undefined for one that is never completed. */
  readonly completionFrame?: z.ZodType;
}

export type Descriptor = RequestDescriptor | NotificationDescriptor;

interface Framed {
  readonly message: { readonly type: string };
}

/** The fields of a message, without its `type`. */
export type MessageOf<D extends Descriptor> =
  z.output<D['frame']> extends infer F extends Framed ? Omit<F['message'], 'type'> : never;

/** The fields of a request's completion. */
export type CompletionOf<D extends RequestDescriptor> =
  z.output<D['completionFrame']> extends { readonly message: infer M extends object } ? M : never;
