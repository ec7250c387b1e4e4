import { packetText } from '#shared/wire/frame.ts';
import type { Fault, ForgedMessage } from './fault.ts';

/** No side counts that far. */
const FORGED_TRANSACTION_ID = 0xf0_0000_0000;

/** The block data of a frame, if it has any, and how the frame reads with other data. */
function withData(text: string, change: (data: Buffer) => Buffer): string | undefined {
  const frame: unknown = JSON.parse(text);
  if (typeof frame !== 'object' || frame === null || !('message' in frame)) return undefined;
  const { message } = frame;
  if (typeof message !== 'object' || message === null || !('bytes' in message)) return undefined;
  const data = change(Buffer.from(String(message.bytes), 'base64'));
  return JSON.stringify({ ...frame, message: { ...message, bytes: data.toString('base64') } });
}

/** A frame as a fault leaves it. A frame without block data is changed as text. */
export function changedFrame(text: string, fault: Fault): string {
  switch (fault.verb) {
    case 'truncate':
      return withData(text, (data) => data.subarray(0, fault.bytes)) ?? text;
    case 'pad':
      return withData(text, (data) => Buffer.concat([data, Buffer.alloc(fault.bytes)])) ?? text;
    case 'corrupt':
      return withData(text, turnBit) ?? `${text.slice(0, -1)}!`;
    case 'truncateFrame':
      return text.slice(0, fault.characters);
    case 'overrideStatus':
      return withStatus(text, fault.status);
    default:
      return text;
  }
}

function turnBit(data: Buffer): Buffer {
  const turned = Buffer.from(data);
  turned[0] = (turned[0] ?? 0) ^ 1;
  return turned;
}

function withStatus(text: string, status: number): string {
  const frame = JSON.parse(text) as { readonly message: object };
  return JSON.stringify({ ...frame, message: { ...frame.message, status } });
}

/** The completion with which a request is answered that never arrives. */
export function replyTo(text: string, reply: object): string {
  const { transactionId } = JSON.parse(text) as { readonly transactionId: number };
  return JSON.stringify({ packet: 'completion', transactionId, message: reply });
}

/** The packet of a message that nobody has sent; no completion of it is asked for. */
export function forgedPacket(message: ForgedMessage): string {
  return packetText(FORGED_TRANSACTION_ID, false, message);
}
