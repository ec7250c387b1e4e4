import type { VersionOf } from './block-versions.ts';
import type { Checker } from './checker.ts';
import { completesOnce } from './completes-once.ts';
import { dataBelongs } from './data-belongs.ts';
import { freshReads } from './fresh-reads.ts';
import { inBounds } from './in-bounds.ts';
import { invalidationArrives } from './invalidation-arrives.ts';
import { isolated } from './isolated.ts';
import { makesProgress } from './makes-progress.ts';
import { noInventedBits } from './no-invented-bits.ts';
import { nothingAfterTheEnd } from './nothing-after-the-end.ts';
import { returnsToBaseline } from './returns-to-baseline.ts';

/** The invariants I1 to I10, to which every run is held. */
export function invariants(versionOf?: VersionOf): readonly Checker[] {
  return [
    completesOnce,
    dataBelongs,
    invalidationArrives,
    noInventedBits,
    freshReads(versionOf),
    inBounds,
    isolated,
    nothingAfterTheEnd,
    makesProgress,
    returnsToBaseline,
  ];
}
