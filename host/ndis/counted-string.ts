import { viewOf } from '#shared/ndis/object-header.ts';

/** NDIS_IF_COUNTED_STRING: Length in bytes at 0 (2), String at 2 (257 WCHARs). Source: ifdef.h. */
export const SIZEOF_COUNTED_STRING = 516;

/** IF_MAX_STRING_SIZE, in WCHARs. */
const IF_MAX_STRING_SIZE = 256;

/** Writes `text` as an NDIS_IF_COUNTED_STRING at `offset`, cut to what it holds. */
export function writeCountedString(bytes: Uint8Array, offset: number, text: string): void {
  const string = Buffer.from(text.slice(0, IF_MAX_STRING_SIZE), 'utf16le');
  viewOf(bytes).setUint16(offset, string.byteLength, true);
  bytes.set(string, offset + 2);
}

/** The text of the NDIS_IF_COUNTED_STRING at `offset`. */
export function readCountedString(bytes: Uint8Array, offset: number): string {
  const length = Math.min(viewOf(bytes).getUint16(offset, true), 2 * IF_MAX_STRING_SIZE);
  const start = offset + 2;
  return Buffer.from(bytes.subarray(start, start + length)).toString('utf16le');
}
