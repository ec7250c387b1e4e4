import { describe, expect, test } from 'vitest';
import { EXAMPLES } from '#cli/docs/examples.ts';
import type { Descriptor } from '#shared/wire/descriptor.ts';
import { MESSAGES } from '#shared/wire/registry.ts';

describe('examples of docs/protocol.md', () => {
  test('there is one for every message, and none for any other', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(MESSAGES.map((message) => message.type).sort());
  });

  test.each(MESSAGES.map((message: Descriptor) => [message.type, message] as const))(
    '%s is valid in its schema',
    (type, message) => {
      const example = EXAMPLES[type];
      expect(message.frame.safeParse(example?.frame).error).toBeUndefined();
      if (message.completionFrame !== undefined) {
        expect(message.completionFrame.safeParse(example?.completion).error).toBeUndefined();
      } else {
        expect(example?.completion).toBeUndefined();
      }
    },
  );
});
