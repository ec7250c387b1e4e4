import type { Clock } from './clock.ts';

/**
 * A clock whose timers may throw, or reject what they return: for plug-ins, whose mistakes are reported
 * and take nothing down.
 */
export function containedClock(clock: Clock, report: (error: unknown) => void): Clock {
  return {
    now: () => clock.now(),
    setTimer: (milliseconds, fire) =>
      clock.setTimer(milliseconds, () => {
        try {
          const result: unknown = fire();
          if (result instanceof Promise) result.catch(report);
        } catch (error) {
          report(error);
        }
      }),
  };
}
