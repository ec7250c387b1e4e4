import { describe, expect, test } from 'vitest';
import { carriesToken } from '#host/bearer-token.ts';

describe('an Authorization header', () => {
  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer other',
    'Bearer secre',
    'Bearer secret2',
    'Bearer  secret',
    'bearer secret',
    'Basic secret',
    'secret',
  ])('%j does not carry the token', (header) => {
    expect(carriesToken(header, 'secret')).toBe(false);
  });

  test('carries it after Bearer and a space', () => {
    expect(carriesToken('Bearer secret', 'secret')).toBe(true);
  });
});
