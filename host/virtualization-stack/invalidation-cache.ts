import { type BlockMask, blockMask } from '#shared/vpci/config-block.ts';

/**
 * The BlockMask that the virtualization stack keeps for one VF: every call of
 * NdisMInvalidateConfigBlock is ORed into it. Documents do not say when it is cleared; the choice is
 * when it is handed to the channel, so that what the channel cannot take stays and keeps ORing.
 *
 * Source: Microsoft Learn: NdisMInvalidateConfigBlock.
 */
export class InvalidationCache {
  #mask: BlockMask = 0n;
  #cause = 0;

  /** What waits to be sent; 0 for nothing. */
  get mask(): BlockMask {
    return this.#mask;
  }

  /** The trace event that last added to the mask. */
  get cause(): number {
    return this.#cause;
  }

  or(mask: BlockMask, cause: number): void {
    this.#mask |= blockMask(mask);
    this.#cause = cause;
  }

  /** Hands the mask over and clears the cache. */
  take(): BlockMask {
    const mask = this.#mask;
    this.#mask = 0n;
    return mask;
  }
}
