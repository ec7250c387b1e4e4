import type { Clock } from '#shared/time/clock.ts';
import { BenchProcess } from './bench-process.ts';
import type { Endpoint, Given } from './commands.ts';

/** A server and its client, each a process. */
export class Pair {
  readonly server: BenchProcess;
  readonly client: BenchProcess;
  readonly #endpoint: Promise<Endpoint>;
  #connections = 0;

  private constructor(server: BenchProcess, client: BenchProcess) {
    this.server = server;
    this.client = client;
    this.#endpoint = server.ask('listen', {});
    // Whoever connects awaits it; until then a failure is no unhandled one.
    this.#endpoint.catch(() => {});
  }

  /** A management OS and a guest OS. */
  static emulator(clock: Clock): Pair {
    return new Pair(new BenchProcess('host', clock), new BenchProcess('guest', clock));
  }

  /** Bare `ws` on both ends. */
  static echo(clock: Clock): Pair {
    return new Pair(new BenchProcess('echo server', clock), new BenchProcess('echo client', clock));
  }

  /** Sees to it that there are so many connections. */
  async connect(connections: number): Promise<void> {
    const endpoint = await this.#endpoint;
    if (this.#connections > connections) {
      await this.client.ask('disconnect', {});
      this.#connections = 0;
    }
    const missing = connections - this.#connections;
    if (missing > 0) await this.client.ask('connect', { ...endpoint, connections: missing });
    this.#connections = connections;
  }

  /** What the server holds with this many idle connections. */
  async memory(connections: number): Promise<Given<'memory'>> {
    await this.connect(connections);
    return await this.server.ask('memory', { connections });
  }

  async end(): Promise<void> {
    await Promise.all([this.server.end(), this.client.end()]);
  }
}
