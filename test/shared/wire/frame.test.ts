import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { invalidateBlock, readBlock, writeBlock } from '#shared/wire/block.ts';
import { busRelations2 } from '#shared/wire/bus.ts';
import { firstIssue, headOf, parseAnyPacket, parseJson } from '#shared/wire/frame.ts';
import { MESSAGES } from '#shared/wire/registry.ts';

const read = {
  packet: 'in-band',
  transactionId: 1,
  completionRequested: true,
  message: { type: 'READ_BLOCK', blockId: 5, slot: 0, bytesRequested: 16 },
};

describe('the head of a frame', () => {
  test.each(['', 'x', '{', 'undefined', 'NaN', '{"a":1}}', '\u0000'])('%j is not JSON', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  test('is empty for what is no object', () => {
    for (const frame of [undefined, null, 1, 'x', true, []]) {
      expect(headOf(frame).packet).toBeUndefined();
    }
    expect(headOf({ message: null }).type).toBeUndefined();
    expect(headOf({ message: 'READ_BLOCK' }).type).toBeUndefined();
  });

  test('never fails, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        headOf(value);
        parseAnyPacket(value);
      }),
      { seed: 1 },
    );
  });
});

describe('a packet of an unknown type', () => {
  test.each([
    ['a transaction id of 0', { ...read, transactionId: 0 }],
    ['a transaction id that is no safe integer', { ...read, transactionId: 2 ** 53 }],
    ['a member too many', { ...read, more: 1 }],
    ['no completionRequested', { ...read, completionRequested: undefined }],
    ['no type', { ...read, message: {} }],
    ['a type of 65 characters', { ...read, message: { type: 'x'.repeat(65) } }],
    ['another kind of packet', { ...read, packet: 'out-of-band' }],
  ])('with %s is malformed', (_what, frame) => {
    expect(parseAnyPacket(JSON.parse(JSON.stringify(frame)))).toBeUndefined();
  });

  test('is recognized as one', () => {
    const frame = { ...read, message: { type: 'RESET_DEVICE', slot: 0 } };
    expect(parseAnyPacket(frame)).toEqual(frame);
  });
});

describe('the schema of a message', () => {
  test.each([
    ['a field too many', { ...read.message, vfId: 3 }],
    ['a field too few', { type: 'READ_BLOCK', blockId: 5, slot: 0 }],
    ['a field of another kind', { ...read.message, blockId: '5' }],
    ['a number beyond its field', { ...read.message, blockId: 2 ** 32 }],
    ['another type', { ...read.message, type: 'WRITE_BLOCK' }],
  ])('refuses %s', (_what, message) => {
    expect(readBlock.frame.safeParse({ ...read, message }).success).toBe(false);
  });

  test('refuses a request that asks for no completion, and a notification that asks for one', () => {
    expect(readBlock.frame.safeParse({ ...read, completionRequested: false }).success).toBe(false);
    const mask = '0x8000000000000001';
    const invalidate = { type: 'INVALIDATE_BLOCK', slot: 0, blockMask: mask };
    const frame = { ...read, message: invalidate };
    expect(invalidateBlock.frame.safeParse(frame).success).toBe(false);
    const right = { ...frame, completionRequested: false };
    expect(invalidateBlock.frame.safeParse(right).success).toBe(true);
  });

  test('no message of a guest has room for a VFId [read.vf-is-the-channel]', () => {
    const fields = MESSAGES.filter((message) => message.direction === 'guest-to-host').map(
      ({ frame }) => JSON.stringify(z.toJSONSchema(frame)),
    );
    expect(fields.join()).toContain('blockId');
    expect(fields.join()).not.toMatch(/vfid/i);
  });

  test('a list of more than 32 devices is refused', () => {
    const device = {
      vendorId: 0,
      deviceId: 0,
      revisionId: 0,
      progIf: 0,
      subClass: 0,
      baseClass: 0,
      subVendorId: 0,
      subSystemId: 0,
      slot: 0,
      serialNumber: 0,
      flags: 0,
      numaNode: 0,
    };
    const frameOf = (count: number) => ({
      ...read,
      completionRequested: false,
      message: { type: 'BUS_RELATIONS2', devices: Array.from({ length: count }, () => device) },
    });
    expect(busRelations2.frame.safeParse(frameOf(32)).success).toBe(true);
    expect(busRelations2.frame.safeParse(frameOf(33)).success).toBe(false);
  });

  test('a completion may carry a status alone', () => {
    for (const message of MESSAGES) {
      if (message.kind !== 'request') continue;
      const frame = { packet: 'completion', transactionId: 1, message: { status: 0xc000090b } };
      expect(message.completionFrame.safeParse(frame).success).toBe(true);
    }
  });

  test('says in one line what is wrong and where', () => {
    const message = { ...read.message, blockId: 'five' };
    const { error } = readBlock.frame.safeParse({ ...read, message });
    expect(error && firstIssue(error)).toMatch(/^message\.blockId: .*expected number/i);
  });

  test('carries block ids of 64 and above, and 132 bytes for the padding of a write', () => {
    const message = { type: 'WRITE_BLOCK', blockId: 0xffff_ffff, slot: 0, byteCount: 128 };
    const bytes = Buffer.alloc(132).toString('base64');
    expect(writeBlock.frame.safeParse({ ...read, message: { ...message, bytes } }).success).toBe(
      true,
    );
  });
});
