import { describe, expect, test } from 'vitest';
import { createLinkedPair } from '#shared/transport/in-memory.ts';
import { transportContract } from '#test/contract/transport-contract.ts';

transportContract('in memory', async () => {
  const [left, right] = createLinkedPair();
  return { left, right, dispose: async () => {} };
});

describe('the in-memory pair', () => {
  test('delivers when its tasks are run, and not before', () => {
    const tasks: (() => void)[] = [];
    const [left, right] = createLinkedPair((task) => tasks.push(task));
    const heard: string[] = [];
    right.listen({
      message: (text) => heard.push(text),
      close: ({ reason }) => heard.push(reason),
      drain: () => {},
    });
    left.send('one');
    left.close({ code: 1000, reason: 'closed' });
    expect(heard).toEqual([]);
    for (const task of tasks) task();
    expect(heard).toEqual(['one', 'closed']);
  });
});
