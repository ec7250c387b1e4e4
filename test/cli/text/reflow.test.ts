import { describe, expect, test } from 'vitest';
import { reflow, wrap } from '#cli/text/reflow.ts';

describe('a text of Markdown', () => {
  test('is wrapped between words, each paragraph for itself', () => {
    const text = 'one two three\nfour five\n\nsix seven eight nine\n';
    expect(reflow(text, 14)).toBe('one two three\nfour five\n\nsix seven\neight nine\n');
  });

  test('keeps headings, items, tables and addresses on lines of their own', () => {
    const text =
      '# A heading that is long\nwords\n- one two three\n  four\n- five\n| a | b |\nhttps://a.example/long';
    expect(reflow(text, 14)).toBe(
      '# A heading\nthat is long\nwords\n- one two\n  three four\n- five\n| a | b |\nhttps://a.example/long',
    );
  });

  test('leaves a word whole that is longer than a line', () => {
    expect(wrap('see https://a.example/long there', 10, '  ')).toBe(
      'see\n  https://a.example/long\n  there',
    );
  });
});
