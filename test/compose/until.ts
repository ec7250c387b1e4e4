import { delay } from '#shared/time/clock.ts';
import { systemClock } from '#shared/time/system.ts';

/** What a look at the engine showed: what was waited for, or where things stand instead. */
export type Look<T> = { readonly found: T } | { readonly seen: string };

const PAUSE_MS = 100;

/** Looks again and again until it is there. @throws Error with what was seen last */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<Look<T>>,
): Promise<T> {
  const deadline = systemClock.now() + seconds * 1000;
  for (;;) {
    const shown = await look();
    if ('found' in shown) return shown.found;
    if (systemClock.now() > deadline) {
      throw new Error(`not within ${seconds} s: ${what}; seen last: ${shown.seen}`);
    }
    await delay(systemClock, PAUSE_MS);
  }
}
