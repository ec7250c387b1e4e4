import type { Clock } from '#shared/time/clock.ts';

const EVERY_MS = 1_000;

/** Says on stderr, at most once a second, how far long work has come. */
export function progressOf(
  what: string,
  clock: Pick<Clock, 'now'>,
  write: (line: string) => void,
): (done: number, all: number) => void {
  let last = clock.now();
  return (done, all) => {
    if (done < all && clock.now() - last < EVERY_MS) return;
    last = clock.now();
    write(`${what}: ${done} of ${all} runs\n`);
  };
}
