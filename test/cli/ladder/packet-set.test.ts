import { beforeEach, describe, expect, test } from 'vitest';
import { PacketSet } from '#cli/ladder/packet-set.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

const SENT: TraceEvent = {
  seq: 1,
  at: 0,
  hop: 'guestPacketSent',
  name: 'READ_BLOCK',
  device: 'g1/0',
  generation: 1,
  transactionId: 7,
};

const RECEIVED: TraceEvent = { ...SENT, hop: 'guestPacketReceived' };

let packets: PacketSet;

beforeEach(() => {
  packets = new PacketSet();
  packets.add(SENT);
});

describe('PacketSet', () => {
  test('knows a packet by either end', () => {
    expect(packets.has(RECEIVED)).toBe(true);
    expect(packets.has({ ...RECEIVED, transactionId: 8 })).toBe(false);
    packets.delete(RECEIVED);
    expect(packets.has(SENT)).toBe(false);
    expect(packets.size).toBe(0);
  });

  test('tells generations apart where both are known', () => {
    packets.add({ ...SENT, generation: 2 });
    expect(packets.size).toBe(2);
    packets.delete({ ...RECEIVED, generation: 1 });
    expect(packets.has({ ...RECEIVED, generation: 1 })).toBe(false);
    expect(packets.has({ ...RECEIVED, generation: 2 })).toBe(true);
    expect(packets.has({ ...RECEIVED, generation: undefined })).toBe(true);
    expect(packets.size).toBe(1);
  });

  test('counts a packet once, however often it is added', () => {
    packets.add(SENT);
    expect(packets.size).toBe(1);
  });

  test('forgets the oldest first, and nothing where there is nothing', () => {
    packets.add({ ...SENT, transactionId: 8 });
    packets.dropOldest();
    expect(packets.has({ ...SENT, transactionId: 7 })).toBe(false);
    expect(packets.has({ ...SENT, transactionId: 8 })).toBe(true);
    packets.dropOldest();
    packets.dropOldest();
    expect(packets.size).toBe(0);
  });
});
