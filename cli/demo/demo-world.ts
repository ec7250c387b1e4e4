import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VARIABLE_PREFIX } from '#shared/settings/setting.ts';
import { stateDirectory } from '#shared/state-directory.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { ControlClient } from '../control/control-client.ts';
import { CommandFailure } from '../failure.ts';
import { type ChildEvents, SideProcess } from '../processes/child-process.ts';
import { Observations } from './observations.ts';

const RECEIVED: ReadonlySet<HopName> = new Set([
  'guestPacketReceived',
  'hostCompletionReceived',
  'hostPacketReceived',
  'guestCompletionReceived',
]);

/** One process of the demo, and what it has shown. */
export interface ObservedProcess {
  readonly process: SideProcess;
  readonly seen: Observations;
}

/** The management OS of the demo. */
export interface DemoHost extends ObservedProcess {
  readonly channelUrl: string;
  readonly controlUrl: string;
}

/** The environment without settings: the tour is the same wherever it runs. */
function environment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith(VARIABLE_PREFIX)));
}

/** The processes of the demo, and the folder that they share; all of it goes when the demo ends. */
export class DemoWorld {
  readonly folder: string;
  readonly #clock: Clock;
  readonly #processes: ObservedProcess[] = [];

  private constructor(folder: string, clock: Clock) {
    this.folder = folder;
    this.#clock = clock;
  }

  static async create(clock: Clock): Promise<DemoWorld> {
    const world = new DemoWorld(await mkdtemp(join(tmpdir(), 'backchannel-demo-')), clock);
    await writeFile(world.#settings, '{}\n');
    return world;
  }

  /** Settings that say nothing, lest a file of the user's is taken. */
  get #settings(): string {
    return join(this.folder, 'backchannel.json');
  }

  get nicConfig(): string {
    return join(this.folder, 'nic.json');
  }

  /** Saves the NIC configuration file, as an operator with an editor would. */
  async saveNicConfig(configuration: object): Promise<void> {
    await writeFile(this.nicConfig, `${JSON.stringify(configuration, undefined, 2)}\n`);
  }

  /** Starts a management OS on free ports. */
  async startHost(): Promise<DemoHost> {
    const host = this.#start('host', [
      ...['host', '--port', '0', '--control-port', '0', '--state-dir', this.folder],
      ...['--nic-config', this.nicConfig],
    ]);
    const line = await host.seen.until('that it listens', () =>
      host.seen.log.find((each) => each.msg.startsWith('listening')),
    );
    return {
      ...host,
      channelUrl: String(line['channelUrl']),
      controlUrl: String(line['controlUrl']),
    };
  }

  /** Starts a guest OS with these further flags. */
  startGuest(name: string, hostUrl: string, flags: readonly string[] = []): ObservedProcess {
    const base = ['guest', '--name', name, '--host', hostUrl, '--state-dir', this.folder];
    return this.#start(name, [...base, ...flags]);
  }

  /** A client of the control API, with the token that the host made at its start. */
  async controlClient(host: DemoHost): Promise<ControlClient> {
    const token = await readFile(stateDirectory(this.folder).controlToken, 'utf8');
    return new ControlClient({ url: host.controlUrl, token: token.trim() });
  }

  /** Packets and completions that any process has received. */
  get messagesReceived(): number {
    const events = this.#processes.flatMap(({ seen }) => seen.trace);
    return events.filter((event) => RECEIVED.has(event.hop)).length;
  }

  /** Ends whatever still runs, and removes the folder. */
  async end(): Promise<void> {
    for (const { process } of this.#processes) process.kill();
    await Promise.all(this.#processes.map(({ process }) => process.exited));
    await rm(this.folder, { recursive: true, force: true });
  }

  #start(name: string, args: readonly string[]): ObservedProcess {
    const seen = new Observations(name, this.#clock);
    const events: ChildEvents = {
      report(report) {
        if (report.type === 'trace') seen.addTrace(report.events);
        if (report.type === 'phase') seen.setPhase(report.device, report.phase);
      },
      log: (line) => seen.addLog(line),
      print: () => {},
    };
    const own = ['--config', this.#settings, '--log-level', 'debug'];
    const process = new SideProcess([...args, ...own], this.#clock, events, environment());
    process.exited.then(
      (code) => {
        const why = process.failure ?? 'it did not say why';
        if (code !== 0) seen.fail(new CommandFailure(`${name} ended with ${code}: ${why}`));
      },
      () => {},
    );
    const observed = { process, seen };
    this.#processes.push(observed);
    return observed;
  }
}
