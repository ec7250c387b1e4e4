import { describe, expect, test } from 'vitest';
import { NDIS_PF_FUNCTION_ID } from '#host/ndis/function-id.ts';
import { NDIS_DEFAULT_VPORT_ID, NDIS_INVALID_VPORT_ID } from '#host/ndis/vport-id.ts';
import { newVPortInfo } from '#host/ndis/vport-info.ts';
import {
  newVPortParameters,
  parseVPortParameters,
  setVPortId,
} from '#host/ndis/vport-parameters.ts';
import {
  newDeleteVPortParameters,
  newMoveFilterParameters,
  parseDeleteVPortParameters,
  parseMoveFilterParameters,
} from '#host/ndis/vport-requests.ts';
import { bytes, hex } from '#test/support/hex.ts';

describe('VPort ids', () => {
  test('the sentinels have their documented values [constants.vport-id] [constants.function-id]', () => {
    expect(NDIS_DEFAULT_VPORT_ID).toBe(0);
    expect(NDIS_INVALID_VPORT_ID).toBe(0xffff_ffff);
    expect(NDIS_PF_FUNCTION_ID).toBe(0xffff);
  });
});

describe('NDIS_NIC_SWITCH_VPORT_PARAMETERS', () => {
  const written = newVPortParameters({ name: 'g1/0', attachedFunctionId: 0x0102 });

  test('is 576 bytes, of which its header counts 572 [layout.vport-parameters] [layout.header-size]', () => {
    expect(written.byteLength).toBe(576);
    expect(hex(written.subarray(0, 4))).toBe('80 01 3C 02');
  });

  test.each([
    ['Flags', 4, '00 00 00 00'],
    ['SwitchId', 8, '00 00 00 00'],
    ['VPortId, which is an answer', 12, '00 00 00 00'],
    ['VPortName', 16, '08 00 67 00 31 00 2F 00 30 00 00 00'],
    ['AttachedFunctionId', 532, '02 01 00 00'],
    ['NumQueuePairs', 536, '01 00 00 00'],
    ['InterruptModeration', 540, '00 00 00 00'],
    ['VPortState, activated', 544, '01 00 00 00'],
    ['ProcessorAffinity', 552, '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'],
    ['LookaheadSize', 568, '00 00 00 00'],
  ])('has %s at %i [layout.vport-parameters]', (_name, offset, expected) => {
    expect(hex(written.subarray(offset, offset + expected.split(' ').length))).toBe(expected);
  });

  test('is read as it was written, with the answer of NDIS at 12', () => {
    const answered = written.slice();
    setVPortId(answered, 0x01020304);
    expect(hex(answered.subarray(12, 16))).toBe('04 03 02 01');
    expect(parseVPortParameters(answered)).toEqual({
      flags: 0,
      switchId: 0,
      vportId: 0x01020304,
      name: 'g1/0',
      attachedFunctionId: 0x0102,
      numQueuePairs: 1,
      interruptModeration: 0,
      vportState: 1,
    });
  });

  test('is read member by member where the header has them, and what NDIS tells of a VPort has them too [layout.vport-parameters] [layout.vport-info]', () => {
    const structure = new Uint8Array(572);
    const members: readonly (readonly [offset: number, value: string])[] = [
      [0, '80 01 3C 02'],
      [4, '01 00 00 00'],
      [8, '02 00 00 00'],
      [12, '03 00 00 00'],
      [16, '04 00 61 00 62 00'],
      [532, '05 00'],
      [536, '06 00 00 00'],
      [540, '07 00 00 00'],
      [544, '08 00 00 00'],
      [552, '0B 0A 0A 0A 0A 0A 0A 0A 0A 0A 0A 0A 0A 0A 0A 0C'],
      [568, '09 00 00 00'],
    ];
    for (const [offset, value] of members) structure.set(bytes(value), offset);
    expect(parseVPortParameters(structure)).toEqual({
      flags: 1,
      switchId: 2,
      vportId: 3,
      name: 'ab',
      attachedFunctionId: 5,
      numQueuePairs: 6,
      interruptModeration: 7,
      vportState: 8,
    });
    const info = newVPortInfo(structure, 10);
    expect(hex(info.subarray(0, 16))).toBe('80 01 40 02 03 00 00 00 01 00 00 00 02 00 00 00');
    expect(hex(info.subarray(16, 572))).toBe(hex(structure.subarray(16)));
    expect(hex(info.subarray(572))).toBe('0A 00 00 00');
  });

  test('is found in 572 bytes, and not in 571', () => {
    expect(parseVPortParameters(written.subarray(0, 572))).toMatchObject({ name: 'g1/0' });
    expect(parseVPortParameters(written.subarray(0, 571))).toBeUndefined();
  });
});

describe('the small structures that name a VPort', () => {
  test('NDIS_NIC_SWITCH_DELETE_VPORT_PARAMETERS: Flags at 4, VPortId at 8, 12 bytes [layout.delete-vport-parameters]', () => {
    const written = newDeleteVPortParameters(0x01020304);
    expect(hex(written)).toBe('80 01 0C 00 00 00 00 00 04 03 02 01');
    expect(parseDeleteVPortParameters(written)).toBe(0x01020304);
    expect(parseDeleteVPortParameters(written.subarray(0, 11))).toBeUndefined();
  });

  test('NDIS_RECEIVE_FILTER_MOVE_FILTER_PARAMETERS: FilterId at 4, then queue and VPort, from and to, 24 bytes [layout.move-filter-parameters]', () => {
    const written = newMoveFilterParameters({ filterId: 7, sourceVPortId: 0x0102, destVPortId: 3 });
    expect(hex(written)).toBe(
      '80 01 18 00 07 00 00 00 00 00 00 00 02 01 00 00 00 00 00 00 03 00 00 00',
    );
    expect(parseMoveFilterParameters(written.subarray(0, 23))).toBeUndefined();
    const forged = bytes('80 01 18 00 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 05 00 00 00');
    expect(parseMoveFilterParameters(forged)).toEqual({
      filterId: 1,
      sourceQueueId: 2,
      sourceVPortId: 3,
      destQueueId: 4,
      destVPortId: 5,
    });
  });
});
