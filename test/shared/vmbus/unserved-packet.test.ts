import { describe, expect, test } from 'vitest';
import { unservedPacket } from '#shared/vmbus/unserved-packet.ts';

const READ = { type: 'READ_BLOCK', blockId: 'five' };
const ISSUE = 'message.blockId: expected number';

function packet(completionRequested: boolean, message: object = READ): object {
  return { packet: 'in-band', transactionId: 7, completionRequested, message };
}

describe('a frame that cannot be served', () => {
  test.each<[string, unknown, string | undefined, string]>([
    ['that is no JSON', undefined, undefined, 'not JSON'],
    ['that is no packet', [], undefined, 'not a VPCI packet'],
    ['without a transaction id', { ...packet(true), transactionId: '7' }, ISSUE, ISSUE],
    ['that is malformed and wants no completion', packet(false), ISSUE, ISSUE],
  ])('%s ends the channel with 1007 [messages.unanswerable]', (_what, frame, issue, reason) => {
    expect(unservedPacket(frame, issue, true)).toEqual({
      code: 1007,
      reason: `malformed frame: ${reason}`,
    });
  });

  test('that is malformed and wants a completion is completed, and says what is wrong with it [messages.malformed]', () => {
    expect(unservedPacket(packet(true), ISSUE, true)).toEqual({
      type: 'READ_BLOCK',
      transactionId: 7,
      isCompleted: true,
      note: `malformed: ${ISSUE}`,
    });
  });

  test.each([true, false])(
    'of an unknown type is completed only when it wants to be: %s [messages.unknown-type]',
    (isCompleted) => {
      expect(unservedPacket(packet(isCompleted), undefined, true)).toMatchObject({ isCompleted });
    },
  );

  test('ends the channel while nothing is answered yet [messages.unserved-before-version]', () => {
    expect(unservedPacket(packet(true), ISSUE, false)).toMatchObject({ code: 1007 });
    expect(unservedPacket(packet(true), undefined, false)).toEqual({
      code: 1002,
      reason: 'READ_BLOCK, a type unknown here, before QUERY_PROTOCOL_VERSION',
    });
  });

  test('puts no more of what its peer has written into a trace or a reason than a line', () => {
    const issue = 'x'.repeat(10_000);
    expect(JSON.stringify(unservedPacket(packet(true), issue, true)).length).toBeLessThan(300);
    expect(JSON.stringify(unservedPacket([], issue, true)).length).toBeLessThan(300);
  });
});
