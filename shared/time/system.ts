import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from './clock.ts';
import type { Random } from './random.ts';

/** The one file that asks the machine for time, timers and randomness; everything else is handed them. */

/** The longest timer of Node, 24.8 days: it fires a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's monotonic clock, counted from the Unix epoch. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimer(milliseconds: number, fire: () => void): Timer {
    const handle = setTimeout(fire, Math.min(milliseconds, LONGEST_TIMER_MS));
    return {
      cancel() {
        clearTimeout(handle);
      },
    };
  },
};

/** Calls `fire` once after `milliseconds`, unless the process ends before: it is not kept for this. */
export function setBackgroundTimer(milliseconds: number, fire: () => void): void {
  setTimeout(fire, milliseconds).unref();
}

export const systemRandom: Random = Math.random;

/** A secret of 32 random bytes, in the URL-safe alphabet. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
