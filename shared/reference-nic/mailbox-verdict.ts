import { newBlock, openBlock } from './block.ts';
import { MAILBOX_KIND, type MailboxKind } from './mailbox-request.ts';

/** What became of the last request. */
export const MAILBOX_OUTCOME = { none: 0, granted: 1, refused: 2 } as const;

/** Why a request was refused. */
export const MAILBOX_REASON = {
  /** The address is a group's, or all zeros. */
  notUnicast: 1,
  /** The configuration lets this VF ask for no such address. */
  addressNotAllowed: 2,
  /** The address is, or by the configuration would be, that of another VF. */
  addressInUse: 3,
  /** The MTU is outside of what the configuration lets this VF ask for. */
  mtuOutOfRange: 4,
} as const;

export type MailboxReason = keyof typeof MAILBOX_REASON;

/** The PF's answer to the last request that it could read. */
export type MailboxVerdict =
  | { readonly outcome: 'none' }
  | { readonly outcome: 'granted'; readonly sequence: number; readonly kind: MailboxKind }
  | {
      readonly outcome: 'refused';
      readonly sequence: number;
      readonly kind: MailboxKind;
      readonly reason: MailboxReason;
    };

const kinds = new Map<number, MailboxKind>([
  [MAILBOX_KIND.setMacAddress, 'setMacAddress'],
  [MAILBOX_KIND.setMtu, 'setMtu'],
]);

const reasons = new Map<number, MailboxReason>([
  [MAILBOX_REASON.notUnicast, 'notUnicast'],
  [MAILBOX_REASON.addressNotAllowed, 'addressNotAllowed'],
  [MAILBOX_REASON.addressInUse, 'addressInUse'],
  [MAILBOX_REASON.mtuOutOfRange, 'mtuOutOfRange'],
]);

/**
 * Block 16, mailbox, as the VF reads it: 128 bytes.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 2 | layout version, 1 |
 * | 2 | 2 | sequence of the request |
 * | 4 | 2 | kind of the request |
 * | 6 | 2 | verdict: 0 none, 1 granted, 2 refused |
 * | 8 | 2 | reason when refused, see {@link MAILBOX_REASON}; else 0 |
 * | 10 | 118 | reserved: 0 when written, ignored when read |
 *
 * Before the first request the verdict, the sequence and the kind are 0.
 */
export function encodeMailboxVerdict(verdict: MailboxVerdict): Uint8Array {
  const { bytes, view } = newBlock();
  view.setUint16(6, MAILBOX_OUTCOME[verdict.outcome], true);
  if (verdict.outcome === 'none') return bytes;
  view.setUint16(2, verdict.sequence, true);
  view.setUint16(4, MAILBOX_KIND[verdict.kind], true);
  if (verdict.outcome === 'refused') view.setUint16(8, MAILBOX_REASON[verdict.reason], true);
  return bytes;
}

/** The verdict; undefined when the bytes are none. */
export function decodeMailboxVerdict(bytes: Uint8Array): MailboxVerdict | undefined {
  const view = openBlock(bytes);
  if (view === undefined) return undefined;
  const outcome = view.getUint16(6, true);
  if (outcome === MAILBOX_OUTCOME.none) return { outcome: 'none' };
  const sequence = view.getUint16(2, true);
  const kind = kinds.get(view.getUint16(4, true));
  if (kind === undefined) return undefined;
  if (outcome === MAILBOX_OUTCOME.granted) return { outcome: 'granted', sequence, kind };
  const reason = reasons.get(view.getUint16(8, true));
  if (outcome !== MAILBOX_OUTCOME.refused || reason === undefined) return undefined;
  return { outcome: 'refused', sequence, kind, reason };
}
