import { describe, expect, test } from 'vitest';
import { createControlledPair } from './controlled-transport.ts';

describe('ControlledTransport', () => {
  test('counts every frame, and remembers the last hundred at least, but not all for ever', () => {
    const [end] = createControlledPair();
    for (let transactionId = 1; transactionId <= 350; transactionId++) {
      end.send(JSON.stringify({ packet: 'completion', transactionId, message: {} }));
      const remembered = end.frames.map((frame) => frame.transactionId);
      const first = remembered[0] ?? 0;
      expect(remembered).toEqual(remembered.map((_, index) => first + index));
      expect(remembered.at(-1)).toBe(transactionId);
      expect(remembered.length).toBeGreaterThanOrEqual(Math.min(100, transactionId));
      expect(remembered.length).toBeLessThan(200);
    }
    expect(end.framesSent).toBe(350);
  });
});
