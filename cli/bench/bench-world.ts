import type { Clock } from '#shared/time/clock.ts';
import { Pair } from './pair.ts';
import { keepOn, type TwoCores } from './two-cores.ts';

/** How long each pair runs before it is measured, so that its code has been compiled. */
const WARM_UP_MS = 1_000;
const WARM_UP_IN_FLIGHT = 64;

/** What is measured, and what it is measured against. */
export interface Pairs {
  readonly emulator: Pair;
  readonly echo: Pair;
}

/** The processes of one run of the bench; all of them end with it. */
export class BenchWorld {
  readonly #clock: Clock;
  readonly #cores: TwoCores | undefined;
  readonly #started: Pair[] = [];
  #warm: Promise<Pairs> | undefined;

  /** `cores` is where the processes are kept; undefined leaves them to the scheduler. */
  constructor(clock: Clock, cores: TwoCores | undefined) {
    this.#clock = clock;
    this.#cores = cores;
  }

  /** Both pairs, warmed up, with so many connections each. */
  async pairs(connections: number): Promise<Pairs> {
    this.#warm ??= this.#warmPairs();
    const { emulator, echo } = await this.#warm;
    await Promise.all([emulator.connect(connections), echo.connect(connections)]);
    return { emulator, echo };
  }

  /** A management OS and a guest OS that have done nothing yet. */
  newEmulator(): Promise<Pair> {
    return this.#start(Pair.emulator(this.#clock));
  }

  /** A bare `ws` server and its client that have done nothing yet. */
  newEcho(): Promise<Pair> {
    return this.#start(Pair.echo(this.#clock));
  }

  async end(): Promise<void> {
    await Promise.all(this.#started.map((pair) => pair.end()));
  }

  async #start(pair: Pair): Promise<Pair> {
    this.#started.push(pair);
    if (this.#cores !== undefined) await keepOn(this.#cores, pair);
    return pair;
  }

  async #warmPairs(): Promise<Pairs> {
    const [emulator, echo] = await Promise.all([this.newEmulator(), this.newEcho()]);
    for (const pair of [emulator, echo]) {
      await pair.connect(1);
      const load = { inFlight: WARM_UP_IN_FLIGHT, milliseconds: WARM_UP_MS };
      await pair.client.ask('throughput', load);
    }
    return { emulator, echo };
  }
}
