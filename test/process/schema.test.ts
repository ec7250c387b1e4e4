import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Lab } from './support/lab.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.create();
});
afterAll(() => lab.end());

const READ = {
  packet: 'in-band',
  transactionId: 1,
  completionRequested: true,
  message: { type: 'READ_BLOCK', blockId: 0, slot: 0, bytesRequested: 128 },
};

describe('backchannel schema', () => {
  test('prints JSON Schema that takes the frames of the channel and no others', async () => {
    const run = await lab.run(['schema']);
    expect(run).toMatchObject({ ending: 0, stderr: '' });
    // A reference is a URI, whose spaces are escaped; zod's reader takes it letter by letter.
    const schema = z.fromJSONSchema(JSON.parse(run.stdout.replaceAll('%20', ' ')));
    const takes = (frame: object): boolean => schema.safeParse(frame).success;
    expect(takes({ ...READ, message: { ...READ.message, blockId: -1 } })).toBe(false);
    expect(takes({ ...READ, message: { ...READ.message, type: 'READ_BLOCKS' } })).toBe(false);
    expect(takes({ ...READ, vfId: 0 })).toBe(false);
    expect(takes(READ)).toBe(true);
    expect(takes({ packet: 'completion', transactionId: 1, message: { status: 0 } })).toBe(true);
  });
});
