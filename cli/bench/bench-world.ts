import type { Clock } from '#shared/time/clock.ts';
import { Pair } from './pair.ts';
import { keepOn, type TwoCores } from './two-cores.ts';

/** The processes that measure one row; all of them end with it. */
export class BenchWorld {
  readonly #clock: Clock;
  readonly #cores: TwoCores | undefined;
  readonly #pairs: Pair[] = [];

  /** `cores` is where the processes are kept; undefined leaves them to the scheduler. */
  constructor(clock: Clock, cores: TwoCores | undefined) {
    this.#clock = clock;
    this.#cores = cores;
  }

  /** Starts a management OS and a guest OS. */
  emulator(): Promise<Pair> {
    return this.#start(Pair.emulator(this.#clock));
  }

  /** Starts a bare `ws` server and its client. */
  echo(): Promise<Pair> {
    return this.#start(Pair.echo(this.#clock));
  }

  async end(): Promise<void> {
    await Promise.all(this.#pairs.map((pair) => pair.end()));
  }

  async #start(pair: Pair): Promise<Pair> {
    this.#pairs.push(pair);
    if (this.#cores !== undefined) await keepOn(this.#cores, pair);
    return pair;
  }
}
