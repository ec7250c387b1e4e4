import { Buffer } from 'node:buffer';

/** Data is copied to here to be spelled: that takes less time than to make a Buffer of where it is. */
const copied = Buffer.alloc(256);

/**
 * Block data as an event carries it: two hexadecimal digits a byte. Of a range that goes beyond `data`,
 * what there is.
 */
export function hexOf(
  data: Uint8Array | undefined,
  start = 0,
  end = data?.byteLength ?? 0,
): string | undefined {
  if (data === undefined) return undefined;
  const { buffer, byteOffset, byteLength } = data;
  if (byteLength > copied.byteLength) {
    return Buffer.from(buffer, byteOffset, byteLength).toString('hex', start, end);
  }
  copied.set(data);
  return copied.toString('hex', start, Math.min(end, byteLength));
}
