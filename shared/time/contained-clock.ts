import type { Clock } from './clock.ts';

/**
 * A clock whose timers may throw: for plug-ins, whose mistakes are reported and take nothing down.
 */
export function containedClock(clock: Clock, report: (error: unknown) => void): Clock {
  return {
    now: () => clock.now(),
    setTimer: (milliseconds, fire) =>
      clock.setTimer(milliseconds, () => {
        try {
          fire();
        } catch (error) {
          report(error);
        }
      }),
  };
}
