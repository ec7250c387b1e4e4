import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ControlClient } from '#cli/control/control-client.ts';
import { VARIABLE_PREFIX } from '#shared/settings/setting.ts';
import { stateDirectory } from '#shared/state-directory.ts';
import { CommandProcess, type Ending } from './command-process.ts';

const DRIVERS = fileURLToPath(new URL('../drivers/', import.meta.url));

/** A host that listens. */
export interface ListeningHost extends CommandProcess {
  readonly channelUrl: string;
  readonly controlUrl: string;
}

/** What a command that has ended left behind. */
export interface Finished {
  readonly ending: Ending;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A folder of its own under the machine's folder for temporary files, and the processes that were
 * started in it. All of them are gone after {@link end}, each ended by its id.
 */
export class Lab {
  readonly folder: string;
  readonly #processes: CommandProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Lab> {
    return new Lab(await realpath(await mkdtemp(join(tmpdir(), 'backchannel-test-'))));
  }

  /** Starts `backchannel …args` in the folder, with no setting in its environment but these. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}, folder = ''): CommandProcess {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith(VARIABLE_PREFIX),
    );
    const started = new CommandProcess(args, this.path(folder), {
      ...Object.fromEntries(inherited),
      ...env,
    });
    this.#processes.push(started);
    return started;
  }

  /** Runs `backchannel …args` to its end. */
  async run(args: readonly string[], env: NodeJS.ProcessEnv = {}, folder = ''): Promise<Finished> {
    return await this.finished(this.start(args, env, folder));
  }

  /** What a process leaves behind, once it has ended. */
  async finished(started: CommandProcess): Promise<Finished> {
    const ending = await started.ending();
    return { ending, stdout: started.stdout, stderr: started.stderr };
  }

  /** Starts a host on free ports, whose log has every level, and waits until it listens. */
  async startHost(flags: readonly string[] = []): Promise<ListeningHost> {
    const host = this.start(['host', ...HOST_BASE, ...flags]);
    const line = await host.logged('listening, PF initialized');
    const { channelUrl, controlUrl } = line;
    return Object.assign(host, {
      channelUrl: String(channelUrl),
      controlUrl: String(controlUrl),
    });
  }

  /** Starts a guest of a host, whose log has every level. */
  startGuest(
    host: { channelUrl: string },
    name: string,
    flags: readonly string[] = [],
  ): CommandProcess {
    return this.start([
      'guest',
      '--name',
      name,
      '--host',
      host.channelUrl,
      ...GUEST_BASE,
      ...flags,
    ]);
  }

  /** Starts a guest and waits until its VFs run. */
  async attachGuest(
    host: { channelUrl: string },
    name: string,
    flags: readonly string[] = [],
    vfs = 1,
  ): Promise<CommandProcess> {
    const guest = this.startGuest(host, name, ['--vfs', String(vfs), ...flags]);
    for (let index = 0; index < vfs; index++) {
      await guest.logged('VF running', { device: `${name}/${index}` });
    }
    return guest;
  }

  /** A client of a host's control API, with the token that the host left in its state folder. */
  async control(host: { controlUrl: string }, pf?: string): Promise<ControlClient> {
    const token = await readFile(stateDirectory(this.path(STATE)).controlToken, 'utf8');
    return new ControlClient({ url: host.controlUrl, token: token.trim() }, pf);
  }

  /** The channel token that a host of this lab made. */
  async channelToken(): Promise<string> {
    return (await readFile(stateDirectory(this.path(STATE)).channelToken, 'utf8')).trim();
  }

  /** The whole path of a file in the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file into the folder and returns its name. */
  async write(name: string, text: string): Promise<string> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), text);
    return name;
  }

  /** Copies the drivers of these tests into the folder, which is outside of the repository. */
  async copyDrivers(): Promise<void> {
    await cp(DRIVERS, this.folder, { recursive: true });
  }

  /** Ends whatever still runs, and removes the folder. */
  async end(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.kill()));
    await rm(this.folder, { recursive: true, force: true });
  }
}

const STATE = 'state';
const COMMON = ['--state-dir', STATE, '--log-level', 'debug', '--log-format', 'json'];
const HOST_BASE = ['--port', '0', '--control-port', '0', ...COMMON];
const GUEST_BASE = COMMON;
