import { encodeDataBlock, FRAGMENT_SIZE } from '#shared/hv-vhca/data-block.ts';

/** The data blocks that carry a payload, in the order in which they are written. */
export function fragmentsOf(payload: Uint8Array, sequence: number): Uint8Array[] {
  const length = Math.ceil(payload.byteLength / FRAGMENT_SIZE);
  return Array.from({ length }, (_, offset) => {
    const start = offset * FRAGMENT_SIZE;
    const data = payload.subarray(start, start + FRAGMENT_SIZE);
    return encodeDataBlock({ sequence, offset, data });
  });
}
