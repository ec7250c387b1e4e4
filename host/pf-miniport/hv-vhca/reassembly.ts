import { type DataBlock, FRAGMENT_SIZE } from '#shared/hv-vhca/data-block.ts';
import { MAX_RINGS, RING_STATISTICS_SIZE } from '#shared/hv-vhca/ring-statistics.ts';

/** A payload of which fragments are still missing. */
interface PartialPayload {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /** The fragment that has to come next. */
  next: number;
}

/** A payload that is whole. */
export interface Payload {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/**
 * Puts a VF's payload together from its fragments as they are written, each of which overwrites the
 * one before it in the same block. Fragment 0 always begins a payload, also when its sequence is that
 * of the one before: after a write that failed the VF repeats it. Any other fragment has to be the
 * next one of the payload that is under way, or else that payload is given up.
 */
export class Reassembly {
  #size = 0;
  #partial: PartialPayload | undefined;

  /** Whether it is known how long a payload is, without which no fragment can be taken. */
  get isReady(): boolean {
    return this.#size > 0;
  }

  /**
   * Tells how many rings a payload has; above {@link MAX_RINGS} none is taken. One of another length
   * that is under way is given up.
   */
  expectRings(rings: number): void {
    const size = rings > MAX_RINGS ? 0 : rings * RING_STATISTICS_SIZE;
    if (size === this.#size) return;
    this.#size = size;
    this.#partial = undefined;
  }

  /** Takes a fragment. Returns the payload that is whole with it; undefined when none is. */
  take({ sequence, offset, data }: DataBlock): Payload | undefined {
    if (offset === 0) this.#partial = { sequence, bytes: new Uint8Array(this.#size), next: 0 };
    const partial = this.#partial;
    if (partial?.sequence !== sequence || partial.next !== offset) {
      this.#partial = undefined;
      return undefined;
    }
    const start = offset * FRAGMENT_SIZE;
    partial.bytes.set(data.subarray(0, this.#size - start), start);
    partial.next++;
    if (partial.next * FRAGMENT_SIZE < this.#size) return undefined;
    this.#partial = undefined;
    return { sequence, bytes: partial.bytes };
  }
}
