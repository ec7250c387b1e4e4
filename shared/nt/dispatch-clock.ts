import type { Clock } from '../time/clock.ts';
import { type CurrentIrql, IRQL } from './irql.ts';

/**
 * A clock whose timers fire at DISPATCH_LEVEL. Source: Microsoft Learn: NDIS_TIMER_FUNCTION.
 */
export function dispatchClock(clock: Clock, irql: CurrentIrql): Clock {
  return {
    now: () => clock.now(),
    setTimer: (milliseconds, fire) =>
      clock.setTimer(milliseconds, () => irql.at(IRQL.DISPATCH_LEVEL, fire)),
  };
}
