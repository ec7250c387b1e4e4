import { describe, expect, test } from 'vitest';
import { VERIFIER_SETTINGS } from '#shared/settings/verifier-settings.ts';

const { schema, fallback } = VERIFIER_SETTINGS.verifier;

describe('--verifier', () => {
  test.each(['always', '', 'LOG', 1, null])('is never %j', (given) => {
    const parsed = schema.safeParse(given);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues[0]?.message).toBe('expected off, log, fatal, or nothing for log');
  });

  test.each<[unknown, string]>([
    [fallback, 'off'],
    [true, 'log'],
    ['true', 'log'],
    ['log', 'log'],
    ['fatal', 'fatal'],
    [false, 'off'],
    ['off', 'off'],
  ])('of %j is %s', (given, mode) => {
    expect(schema.parse(given)).toBe(mode);
  });
});
