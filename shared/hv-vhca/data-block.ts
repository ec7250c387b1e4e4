import { newBlock, openBlock } from './block.ts';

/** The bytes of a payload that one data block carries. */
export const FRAGMENT_SIZE = 120;

const DATA = 8;

/** One fragment of a payload. */
export interface DataBlock {
  /** Which payload: 0 to 65535, and 0 again. */
  readonly sequence: number;
  /** Which of its fragments: 0, 1, 2 and so on; a count of fragments, not of bytes. */
  readonly offset: number;
  /** At most 120 bytes; a decoded block always has 120. */
  readonly data: Uint8Array;
}

/**
 * A data block, VF to PF: 128 bytes. A payload is consecutive writes of its fragments to one block,
 * that of the agent. Nothing in them tells how many there are: the receiver has to know.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 2 | sequence |
 * | 2 | 2 | offset: the index of the fragment |
 * | 4 | 4 | reserved: 0 when written, ignored when read |
 * | 8 | 120 | data; behind the end of the payload 0 |
 */
export function encodeDataBlock({ sequence, offset, data }: DataBlock): Uint8Array {
  const { bytes, view } = newBlock();
  view.setUint16(0, sequence, true);
  view.setUint16(2, offset, true);
  bytes.set(data, DATA);
  return bytes;
}

/** The fragment in a data block; undefined when the bytes are not 128. */
export function decodeDataBlock(bytes: Uint8Array): DataBlock | undefined {
  const view = openBlock(bytes);
  if (view === undefined) return undefined;
  return {
    sequence: view.getUint16(0, true),
    offset: view.getUint16(2, true),
    data: bytes.slice(DATA),
  };
}
