import type { Clock } from '#shared/time/clock.ts';
import { CommandFailure } from '../failure.ts';
import { BenchWorld } from './bench-world.ts';
import { gitRevision, thisMachine } from './machine.ts';
import { MEASUREMENTS } from './measurements.ts';
import { type Report, type Result, ratioOf, resultOf } from './report.ts';
import { ROW_NAMES, type RowName } from './rows.ts';
import { findTwoCores } from './two-cores.ts';

/** How long all rows together may take. */
const LIMIT_MS = 90_000;

export interface BenchOptions {
  /** The only row to measure; undefined for all. */
  readonly only: RowName | undefined;
  readonly clock: Clock;
  /** Resolves when the user wants the bench to end before it is done. */
  readonly interrupted: () => Promise<void>;
  /** Is told what is being done. */
  readonly progress: (text: string) => void;
}

/**
 * Measures the rows one after the other. No process that it starts outlives it.
 *
 * @throws CommandFailure when a process fails, the time is up, or the user interrupts
 */
export async function runBench(options: BenchOptions): Promise<Report> {
  const { only, clock } = options;
  const startedAt = new Date(clock.now()).toISOString();
  const cores = await findTwoCores();
  const world = new BenchWorld(clock, cores);
  const stopped = stopOf(options);
  const results: Result[] = [];
  try {
    for (const row of only === undefined ? ROW_NAMES : [only]) {
      options.progress(`${row} ...`);
      results.push(resultOf(row, await Promise.race([MEASUREMENTS[row](world), stopped.promise])));
    }
  } finally {
    stopped.forget();
    await world.end();
  }
  return {
    machine: thisMachine(),
    pinned: cores ?? null,
    revision: await gitRevision(),
    startedAt,
    results,
    ratios: results.map(ratioOf),
  };
}

/** What rejects when the time is up or the user interrupts. */
function stopOf({ clock, interrupted }: BenchOptions): {
  readonly promise: Promise<never>;
  readonly forget: () => void;
} {
  let stop = (_reason: string): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    stop = (reason) => reject(new CommandFailure(reason));
  });
  promise.catch(() => {});
  const limit = clock.setTimer(LIMIT_MS, () =>
    stop(`the bench is not done after ${LIMIT_MS / 1000} s; is the machine busy?`),
  );
  interrupted().then(
    () => stop('interrupted'),
    () => {},
  );
  return { promise, forget: () => limit.cancel() };
}
