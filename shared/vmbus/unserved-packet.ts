import { CLOSE_CODES } from '../transport/close-codes.ts';
import type { CloseDetails } from '../transport/transport.ts';
import { parseAnyPacket } from '../wire/frame.ts';

/** A packet that is refused, or ignored, while its channel lives on. */
export interface RefusedPacket {
  readonly type: string;
  readonly transactionId: number;
  /** Whether it is completed, with STATUS_BAD_DATA; nobody waits for any other. */
  readonly isCompleted: boolean;
  /** What is wrong with it, for the trace. */
  readonly note: string;
}

/** Characters of what is wrong with a packet; names that the peer has chosen may be in it. */
const MAX_ISSUE = 160;

/**
 * What becomes of a frame that cannot be served: of a type that this side does not take or, with an
 * `issue`, not in the schema of its type. Published hosts complete either with STATUS_BAD_DATA when a
 * completion is asked for, and drop it otherwise; before a version is agreed on, either ends the
 * channel. They are followed but for a malformed packet that nobody waits for, which ends the channel
 * here: its sender would never learn that it was lost.
 *
 * @param isAnswering whether packets are answered yet
 */
export function unservedPacket(
  frame: unknown,
  issue: string | undefined,
  isAnswering: boolean,
): RefusedPacket | CloseDetails {
  const packet = parseAnyPacket(frame);
  if (packet?.packet !== 'in-band') {
    return malformed(issue ?? (frame === undefined ? 'not JSON' : 'not a VPCI packet'));
  }
  const { transactionId, completionRequested, message } = packet;
  if (issue !== undefined && !(isAnswering && completionRequested)) return malformed(issue);
  if (!isAnswering) {
    const reason = `${message.type}, a type unknown here, before QUERY_PROTOCOL_VERSION`;
    return { code: CLOSE_CODES.protocolError.code, reason };
  }
  const note = issue === undefined ? 'a type unknown here' : `malformed: ${issue}`;
  const cut = note.slice(0, MAX_ISSUE);
  return { type: message.type, transactionId, isCompleted: completionRequested, note: cut };
}

/** Why a channel is closed whose peer sent what cannot be answered. */
export function malformed(issue: string): CloseDetails {
  const reason = `malformed frame: ${issue.slice(0, MAX_ISSUE)}`;
  return { code: CLOSE_CODES.malformedFrame.code, reason };
}
