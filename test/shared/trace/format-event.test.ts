import { describe, expect, test } from 'vitest';
import { formatEvent } from '#shared/trace/format-event.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

const SENT: TraceEvent = {
  seq: 1,
  at: 0,
  hop: 'guestPacketSent',
  name: 'READ_BLOCK',
  device: 'g1/0',
  generation: 1,
  transactionId: 3,
  blockId: 0,
  length: 16,
};

describe('formatEvent', () => {
  test('keeps an event on one line, whatever its note says', () => {
    const line = formatEvent({ ...SENT, note: 'line one\nline two\x1b[2J' });
    expect(line).toContain('(line one?line two?[2J)');
  });

  test('names the ways, the details and the hop', () => {
    expect(formatEvent(SENT)).toBe(
      'VPCI driver -> virtualization stack: READ_BLOCK block 0 16 B #3 g1/0 [guestPacketSent]',
    );
  });

  test('names the status of a failure before all else, and no length: nothing was moved', () => {
    const failed = { ...SENT, hop: 'ioCompleteRequest', status: 0xc0001234 } as const;
    expect(formatEvent(failed)).toBe(
      'VPCI driver -> guest NDIS: READ_BLOCK 0xC0001234 block 0 #3 g1/0 [ioCompleteRequest]',
    );
  });

  test('names one actor where a hop is within it', () => {
    const cached: TraceEvent = {
      seq: 1,
      at: 0,
      hop: 'blockMaskCached',
      name: 'BlockMask',
      mask: '0x0000000000000021',
      vfId: 1,
      generation: 2,
    };
    expect(formatEvent(cached)).toBe(
      'virtualization stack: BlockMask mask 0x21 VF 1 gen 2 [blockMaskCached]',
    );
  });

  test('names the PF of a VF, unless it is the one that nobody has named', () => {
    const received = { ...SENT, hop: 'guestPacketReceived', vfId: 2 } as const;
    expect(formatEvent({ ...received, pf: 'net' })).toContain(' g1/0 net VF 2 ');
    expect(formatEvent({ ...received, pf: 'pf0' })).toContain(' g1/0 VF 2 ');
  });

  test('shortens a mask, but keeps its last digit', () => {
    expect(formatEvent({ ...SENT, mask: '0x0000000000000000' })).toContain(' mask 0x0 ');
    expect(formatEvent({ ...SENT, mask: '0x8000000000000001' })).toContain(
      ' mask 0x8000000000000001 ',
    );
  });
});
