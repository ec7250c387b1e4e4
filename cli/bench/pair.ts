import type { Clock } from '#shared/time/clock.ts';
import { BenchProcess } from './bench-process.ts';
import type { Endpoint, Given } from './commands.ts';

/** A server and its clients, each a process; most rows have one client. */
export class Pair {
  readonly server: BenchProcess;
  readonly clients: readonly BenchProcess[];
  /** The first client, which is all there is in most rows. */
  readonly client: BenchProcess;
  readonly #endpoint: Promise<Endpoint>;
  #connections = 0;

  private constructor(server: BenchProcess, client: BenchProcess, further: BenchProcess[]) {
    this.server = server;
    this.client = client;
    this.clients = [client, ...further];
    this.#endpoint = server.ask('listen', {});
    // Whoever connects awaits it; until then a failure is no unhandled one.
    this.#endpoint.catch(() => {});
  }

  /** A management OS, and processes of guest OSes. */
  static emulator(clock: Clock, clients: number): Pair {
    const newGuest = (): BenchProcess => new BenchProcess('guest', clock);
    const further = Array.from({ length: clients - 1 }, newGuest);
    return new Pair(new BenchProcess('host', clock), newGuest(), further);
  }

  /** Bare `ws` on both ends. */
  static echo(clock: Clock, clients: number): Pair {
    const newClient = (): BenchProcess => new BenchProcess('echo client', clock);
    const further = Array.from({ length: clients - 1 }, newClient);
    return new Pair(new BenchProcess('echo server', clock), newClient(), further);
  }

  /** Sees to it that there are so many connections; the clients have as many each. */
  async connect(connections: number): Promise<void> {
    const endpoint = await this.#endpoint;
    if (this.#connections > connections) {
      await Promise.all(this.clients.map((client) => client.ask('disconnect', {})));
      this.#connections = 0;
    }
    const missing = (connections - this.#connections) / this.clients.length;
    if (missing > 0) {
      const ask = { ...endpoint, connections: missing };
      await Promise.all(this.clients.map((client) => client.ask('connect', ask)));
    }
    this.#connections = connections;
  }

  /** What the server holds with this many idle connections. */
  async memory(connections: number): Promise<Given<'memory'>> {
    await this.connect(connections);
    return await this.server.ask('memory', { connections });
  }

  /** Round trips per second of all connections together, so many under way on each. */
  async throughput(inFlight: number, milliseconds: number): Promise<number> {
    const asked = this.clients.map((client) =>
      client.ask('throughput', { inFlight, milliseconds }),
    );
    const rates = await Promise.all(asked);
    return rates.reduce((sum, { perSecond }) => sum + perSecond, 0);
  }

  async end(): Promise<void> {
    await Promise.all([this.server, ...this.clients].map((each) => each.end()));
  }
}
