import { describe, expect, test } from 'vitest';
import {
  decodeMailboxVerdict,
  encodeMailboxVerdict,
  MAILBOX_REASON,
  type MailboxReason,
} from '#shared/reference-nic/mailbox-verdict.ts';
import { block, malformed, patched } from './bytes.ts';

const NONE = block('01 00');
const GRANTED = block('01 00  34 12  01 00  01 00  00 00');
const REFUSED = block('01 00  05 00  02 00  02 00  04 00');

describe('block 16, a verdict of the mailbox', () => {
  test.each([
    ...malformed(REFUSED),
    ['verdict 3', patched(REFUSED, 6, '03 00')],
    ['granted of kind 0', patched(GRANTED, 4, '00 00')],
    ['granted of kind 3', patched(GRANTED, 4, '03 00')],
    ['refused for reason 0', patched(REFUSED, 8, '00 00')],
    ['refused for reason 5', patched(REFUSED, 8, '05 00')],
  ])('%s: no verdict', (_, bytes) => {
    expect(decodeMailboxVerdict(bytes)).toBeUndefined();
  });

  test('before the first request all is zero behind the layout version', () => {
    expect(encodeMailboxVerdict({ outcome: 'none' })).toEqual(NONE);
    expect(decodeMailboxVerdict(NONE)).toEqual({ outcome: 'none' });
  });

  test('a grant names its request', () => {
    const verdict = { outcome: 'granted', sequence: 0x1234, kind: 'setMacAddress' } as const;
    expect(encodeMailboxVerdict(verdict)).toEqual(GRANTED);
    expect(decodeMailboxVerdict(GRANTED)).toEqual(verdict);
  });

  test('a refusal names its request and its reason', () => {
    const verdict = {
      outcome: 'refused',
      sequence: 5,
      kind: 'setMtu',
      reason: 'mtuOutOfRange',
    } as const;
    expect(encodeMailboxVerdict(verdict)).toEqual(REFUSED);
    expect(decodeMailboxVerdict(REFUSED)).toEqual(verdict);
  });

  test.each<[MailboxReason, number]>([
    ['notUnicast', 1],
    ['addressNotAllowed', 2],
    ['addressInUse', 3],
    ['mtuOutOfRange', 4],
  ])('the reason %s is %d both ways', (reason, code) => {
    expect(MAILBOX_REASON[reason]).toBe(code);
    const bytes = encodeMailboxVerdict({ outcome: 'refused', sequence: 1, kind: 'setMtu', reason });
    expect(bytes[8]).toBe(code);
    expect(decodeMailboxVerdict(bytes)).toMatchObject({ reason });
  });
});
