import type { Clock } from '#shared/time/clock.ts';

/** One round trip: a read of a block, or a text that is answered with another. */
export type RoundTrip = () => Promise<void>;

/** Makes one round trip after the other; returns how many milliseconds each took. */
export async function sequentially(
  roundTrip: RoundTrip,
  milliseconds: number,
  clock: Clock,
): Promise<number[]> {
  const durations: number[] = [];
  let before = clock.now();
  const end = before + milliseconds;
  while (before < end) {
    await roundTrip();
    const after = clock.now();
    durations.push(after - before);
    before = after;
  }
  return durations;
}

/** Keeps `inFlight` round trips under way on each connection; returns how many ended in a second. */
export async function throughput(
  connections: readonly RoundTrip[],
  inFlight: number,
  milliseconds: number,
  clock: Clock,
): Promise<number> {
  const begin = clock.now();
  const end = begin + milliseconds;
  let count = 0;
  const lane = async (roundTrip: RoundTrip): Promise<void> => {
    while (clock.now() < end) {
      await roundTrip();
      count++;
    }
  };
  const lanes = connections.flatMap((each) => Array.from({ length: inFlight }, () => lane(each)));
  await Promise.all(lanes);
  return (count * 1000) / (clock.now() - begin);
}
