import type { Run } from '../check/checker.ts';
import { isMaskOnItsWay } from '../check/invalidation-arrives.ts';

/** After which a mask that is on its way is looked for again: a second in all. */
const PAUSES_MS = [10, 90, 900] as const;

/**
 * Lets time pass while a mask of a run is on its way to a VF, so that a scenario may end right after
 * an invalidation, and it can still be told whether that arrived.
 */
export async function awaitMasks(
  run: Pick<Run, 'events' | 'faults' | 'dead'>,
  pass: (milliseconds: number) => Promise<void>,
): Promise<void> {
  for (const pause of PAUSES_MS) {
    if (!isMaskOnItsWay(run)) return;
    await pass(pause);
  }
}
