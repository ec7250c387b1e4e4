import type { Clock } from '#shared/time/clock.ts';
import { CommandFailure } from '../failure.ts';
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
  #ended = false;

  /** `cores` is where the processes are kept; undefined leaves them to the scheduler. */
  constructor(clock: Clock, cores: TwoCores | undefined) {
    this.#clock = clock;
    this.#cores = cores;
  }

  /** Both pairs, warmed up, with one connection each. */
  pairs(): Promise<Pairs> {
    this.#warm ??= this.#warmPairs();
    return this.#warm;
  }

  /** A management OS and so many processes of guest OSes, which have done nothing yet. */
  newEmulator(clients: number): Promise<Pair> {
    return this.#start(() => Pair.emulator(this.#clock, clients));
  }

  /** A bare `ws` server and so many processes of its clients, which have done nothing yet. */
  newEcho(clients: number): Promise<Pair> {
    return this.#start(() => Pair.echo(this.#clock, clients));
  }

  /** Ends every process, and starts no further one. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#started.map((pair) => pair.end()));
  }

  async #start(newPair: () => Pair): Promise<Pair> {
    if (this.#ended) throw new CommandFailure('the bench has ended');
    const pair = newPair();
    this.#started.push(pair);
    const isPair = pair.clients.length === 1;
    if (isPair && this.#cores !== undefined) await keepOn(this.#cores, pair);
    return pair;
  }

  async #warmPairs(): Promise<Pairs> {
    const [emulator, echo] = await Promise.all([this.newEmulator(1), this.newEcho(1)]);
    for (const pair of [emulator, echo]) {
      await pair.connect(1);
      await pair.throughput(WARM_UP_IN_FLIGHT, WARM_UP_MS);
    }
    return { emulator, echo };
  }
}
