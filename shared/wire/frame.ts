import * as z from 'zod';

/** What can be said of any frame before its type is known. */
const anyPacket = z.discriminatedUnion('packet', [
  z.strictObject({
    packet: z.literal('in-band'),
    transactionId: z.int().min(1),
    completionRequested: z.boolean(),
    message: z.looseObject({ type: z.string().min(1).max(64) }),
  }),
  z.strictObject({
    packet: z.literal('completion'),
    transactionId: z.int().min(1),
    message: z.looseObject({}),
  }),
]);

export type AnyPacket = z.output<typeof anyPacket>;

/** An in-band packet whose type this side does not know, or knows only in the other direction. */
export function parseAnyPacket(frame: unknown): AnyPacket | undefined {
  const parsed = anyPacket.safeParse(frame);
  return parsed.success ? parsed.data : undefined;
}

/** The frame of an in-band packet around a message that has been held to its schema. */
export function packetText(
  transactionId: number,
  completionRequested: boolean,
  message: object,
): string {
  const head = `{"packet":"in-band","transactionId":${transactionId}`;
  return `${head},"completionRequested":${completionRequested},"message":${JSON.stringify(message)}}`;
}

/** The frame of a completion around a message that has been held to its schema. */
export function completionText(transactionId: number, message: object): string {
  const head = `{"packet":"completion","transactionId":${transactionId}`;
  return `${head},"message":${JSON.stringify(message)}}`;
}

/** The frame's JSON value; undefined (which JSON cannot spell) when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

interface FrameHead {
  readonly packet: unknown;
  readonly transactionId: unknown;
  readonly type: unknown;
}

const NO_HEAD: FrameHead = { packet: undefined, transactionId: undefined, type: undefined };

/** The members that decide which schema a frame is held to; nothing is believed of them yet. */
export function headOf(frame: unknown): FrameHead {
  if (typeof frame !== 'object' || frame === null) return NO_HEAD;
  const { packet, transactionId, message } = frame as Record<string, unknown>;
  const type =
    typeof message === 'object' && message !== null
      ? (message as Record<string, unknown>)['type']
      : undefined;
  return { packet, transactionId, type };
}

/** The first thing wrong with a frame, in one line: `message.blockId: expected number`. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not in its schema';
  const place = issue.path.join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}
