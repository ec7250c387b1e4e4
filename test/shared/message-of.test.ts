import { describe, expect, test } from 'vitest';
import { messageOf } from '#shared/message-of.ts';

describe('the message of what was thrown', () => {
  test('is the message of an error, and the text of anything else', () => {
    expect(messageOf(new Error('broken'))).toBe('broken');
    expect(messageOf('broken')).toBe('broken');
    expect(messageOf(undefined)).toBe('undefined');
  });
});
