import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonText } from '#cli/text/json-text.ts';

describe('jsonText', () => {
  test('holds nothing that a terminal obeys', () => {
    const text = jsonText({ note: '\u001b[2J\u009b1m\u202e\u2028\u{e0041}\u007f' });
    expect(text).toBe('{"note":"\\u001b[2J\\u009b1m\\u202e\\u2028\\udb40\\udc41\\u007f"}');
  });

  test('is the same value again, on one line or indented', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(JSON.parse(jsonText(value, 2))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(jsonText({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(jsonText({ a: [1] })).not.toContain('\n');
  });
});
