import { describe, expect, test } from 'vitest';
import { messageOf } from '#shared/message-of.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { describeViolation, stackOfViolation } from '#shared/ndis/violation-report.ts';

const unprintable = Object.create(null) as object;

describe('a violation report', () => {
  test.each([
    ['an object that cannot be printed', unprintable],
    [
      'an error whose message cannot be read',
      Object.defineProperty(new Error(), 'message', {
        get: () => {
          throw unprintable;
        },
      }),
    ],
    ['an error whose message is a symbol', Object.assign(new Error(), { message: Symbol('s') })],
    [
      'an object whose text throws',
      {
        toString: () => {
          throw new Error('no');
        },
      },
    ],
  ])('says something of %s that was thrown', (_what, thrown) => {
    expect(typeof messageOf(thrown)).toBe('string');
    expect(describeViolation({ rule: 'threw', error: thrown })).toMatch(/^the miniport threw: ./);
  });

  test('says something of an answer that cannot be printed', () => {
    expect(describeViolation({ rule: 'not-a-status', answer: unprintable })).toContain(
      'which is no NDIS_STATUS',
    );
  });

  test('has the stack of an error that was thrown, and none of anything else', () => {
    const error = new Error('broken');
    expect(stackOfViolation({ rule: 'threw', error })).toBe(error.stack);
    expect(stackOfViolation({ rule: 'threw', error: unprintable })).toBeUndefined();
    expect(stackOfViolation({ rule: 'completed-with-pending' })).toBeUndefined();
  });

  test('names the status of a late and of a second completion', () => {
    const status = NDIS_STATUS.NDIS_STATUS_SUCCESS;
    expect(describeViolation({ rule: 'completed-late', status })).toContain('NDIS_STATUS_SUCCESS');
    expect(describeViolation({ rule: 'completed-twice', status })).toContain('NDIS_STATUS_SUCCESS');
  });

  test('says how many requests were waiting behind one that timed out', () => {
    expect(describeViolation({ rule: 'timed-out', waiting: 3 })).toContain('3 more were waiting');
  });
});
