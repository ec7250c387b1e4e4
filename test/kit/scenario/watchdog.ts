import type { Clock } from '#shared/time/clock.ts';
import { systemClock } from '#shared/time/system.ts';
import { MisuseError } from '../misuse-error.ts';

/** How often a run is looked at. */
const EVERY_MS = 5_000;

/**
 * What work comes to, or a failure when a run stands still for that long: it waits for something that
 * its world does not know, a promise of its own for instance, which may never come. Time is real here,
 * since the world's has stopped; a run that goes on is not affected.
 *
 * @param progress changes as long as something happens
 */
export function withWatchdog(
  work: () => Promise<void>,
  progress: () => string,
  clock: Pick<Clock, 'setTimer'> = systemClock,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen: string | undefined;
    const look = (): void => {
      const now = progress();
      if (now === seen) reject(new MisuseError(STANDS_STILL));
      else timer = clock.setTimer(EVERY_MS, look);
      seen = now;
    };
    let timer = clock.setTimer(EVERY_MS, look);
    const finish = (settle: () => void): void => {
      timer.cancel();
      settle();
    };
    Promise.resolve()
      .then(work)
      .then(
        () => finish(resolve),
        (error: unknown) => finish(() => reject(error)),
      );
  });
}

const STANDS_STILL =
  'it waits for something outside of its world, and nothing has happened there for 5 s';
