// Imported where it is used for every message: the global of the same name is a getter.
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import {
  type BlockMask,
  blockMask,
  maskHex,
  VPCI_MAX_READ_WRITE_BLOCK_SIZE,
} from '../vpci/config-block.ts';

/** An unsigned 32-bit field of a VPCI message. */
export const u32 = z.uint32();

/** An unsigned 16-bit field of a VPCI message. */
export const u16 = z.int().min(0).max(0xffff);

/** An unsigned 8-bit field of a VPCI message. */
export const u8 = z.int().min(0).max(0xff);

/** NTSTATUS: an open unsigned number. */
export const ntStatus = u32.describe('NTSTATUS; 0 is STATUS_SUCCESS');

/** The slot of the VF on its bus: one channel is one VF. */
export const SLOT = 0;

/** Device in bits 0 to 4, function in bits 5 to 7. This channel has one device, at slot 0. */
export const slot = u32.describe('device (bits 0-4) and function (bits 5-7); this bus has slot 0');

/** Bytes a write may carry beyond its byte count: the padding that Linux guests send. */
export const WRITE_PADDING_BYTES = 4;

const MAX_BYTES = VPCI_MAX_READ_WRITE_BLOCK_SIZE + WRITE_PADDING_BYTES;
/** Without groups, which would take more than twice as long; the length is checked beside it. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const MASK = /^0x[0-9a-f]{16}$/;

/** Block data: base64 with padding, of at most 132 bytes. */
export const blockBytes = z
  .string()
  .max(4 * Math.ceil(MAX_BYTES / 3))
  .regex(BASE64, { error: 'Invalid base64' })
  .refine((text) => text.length % 4 === 0, { error: 'Invalid base64: not a multiple of 4' })
  .describe('block data in base64');

/** A BlockMask: `0x` and sixteen lower-case digits, since a JSON number holds only 53 bits. */
export const wireMask = z
  .string()
  .regex(MASK)
  .describe('BlockMask in hexadecimal; bit n is block n');

/** The bytes that a {@link blockBytes} field spells. */
export function bytesFromWire(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}

/** How many bytes a {@link blockBytes} field spells. */
export function wireLength(text: string): number {
  return Buffer.byteLength(text, 'base64');
}

/**
 * Stores the first `length` of the bytes that a {@link blockBytes} field spells, which are no fewer, at
 * the start of `target`, which holds them. No memory is taken for what is stored elsewhere anyway.
 */
export function storeFromWire(text: string, target: Uint8Array, length: number): void {
  Buffer.from(target.buffer, target.byteOffset, length).write(text, 'base64');
}

/** The {@link blockBytes} field that spells these bytes. */
export function bytesToWire(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** The mask that a {@link wireMask} field spells. */
export function maskFromWire(text: string): BlockMask {
  return blockMask(BigInt(text));
}

/** The {@link wireMask} field that spells this mask. */
export const maskToWire: (mask: BlockMask) => string = maskHex;
