import type { TraceEvent } from '#shared/trace/trace.ts';
import type { Run } from '../../kit/check/checker.ts';
import { type Life, lifeAt } from '../../kit/check/lives.ts';

/** The blocks of a mailbox between VF and PF. */
export const REQUEST_BLOCK = 1;
/** The PF invalidates it when an answer is in it. */
export const REPLY_BLOCK = 2;
/** Where a VF says what it holds for true, so that the trace shows it. */
export const REPORT_BLOCK = 4;

/** Bytes of a mail: code and match id with two bytes each, the value with four, little-endian. */
export const MAIL_LENGTH = 8;

/** What is in a block of a mailbox. */
export interface Mail {
  /** What is asked for, or answered to. */
  readonly code: number;
  /** Which of several equal requests; an answer has that of its request. */
  readonly matchId: number;
  readonly value: number;
}

export function mailBytes({ code, matchId, value }: Mail): Uint8Array {
  const bytes = Buffer.alloc(MAIL_LENGTH);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(matchId, 2);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}

/** The mail in a block's data; one that is too short is padded with zeros. */
export function parseMail(data: Uint8Array): Mail {
  const bytes = Buffer.alloc(MAIL_LENGTH);
  bytes.set(data.subarray(0, MAIL_LENGTH));
  return {
    code: bytes.readUInt16LE(0),
    matchId: bytes.readUInt16LE(2),
    value: bytes.readUInt32LE(4),
  };
}

/** A mail, and the event that shows it. */
export interface TracedMail {
  readonly event: TraceEvent;
  readonly mail: Mail;
  readonly life: Life;
}

/** What VFs wrote to a block, as it reached the PF. */
export function mailsWritten(run: Run, blockId: number): readonly TracedMail[] {
  return mailsAt(run, 'pfMiniportOidRequest', blockId);
}

/** What the PF answered to reads of a block. */
export function mailsAnswered(run: Run, blockId: number): readonly TracedMail[] {
  return mailsAt(run, 'pfMiniportOidRequestComplete', blockId);
}

function mailsAt(run: Run, hop: TraceEvent['hop'], blockId: number): readonly TracedMail[] {
  return run.events.flatMap((event) => {
    const { vfId, seq, pf, data } = event;
    const isMeant = event.hop === hop && event.blockId === blockId && data !== undefined;
    const life = isMeant ? lifeAt(run.history.lives, vfId, seq, pf) : undefined;
    if (data === undefined || life === undefined) return [];
    return [{ event, mail: parseMail(Buffer.from(data, 'hex')), life }];
  });
}
