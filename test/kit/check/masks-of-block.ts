import type { Run } from './checker.ts';
import type { MaskEvent } from './history.ts';
import { type Life, lifeAt } from './lives.ts';

/** Whether a mask has the bit of a block; there is none for a block above 63. */
export function covers(blockId: number | undefined, mask: bigint): boolean {
  return blockId !== undefined && blockId < 64 && ((mask >> BigInt(blockId)) & 1n) === 1n;
}

/** The last time before an event that the PF invalidated a block of a VF. */
export function lastInvalidation(
  run: Run,
  life: Life,
  blockId: number,
  before: number,
): MaskEvent | undefined {
  return run.history.invalidations.findLast(
    (each) => each.event.seq < before && isOf(run, life, blockId, each),
  );
}

/** The first time after an event that the PF invalidated a block of a VF. */
export function nextInvalidation(
  run: Run,
  life: Life,
  blockId: number,
  after: number,
): MaskEvent | undefined {
  return run.history.invalidations.find(
    (each) => each.event.seq > after && isOf(run, life, blockId, each),
  );
}

function isOf(run: Run, life: Life, blockId: number, { event, mask }: MaskEvent): boolean {
  return (
    covers(blockId, mask) && lifeAt(run.history.lives, event.vfId, event.seq, event.pf) === life
  );
}
