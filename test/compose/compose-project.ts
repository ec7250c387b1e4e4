import { afterAll, afterEach, inject } from 'vitest';
import { type VfAnswer, vfListAnswer } from '#host/control/api.ts';
import { messageOf } from '#shared/message-of.ts';
import { backchannel, type Container, inspect, logText } from './container.ts';
import { COMPOSE_FILE, docker, removeAll, words } from './engine.ts';
import { run } from './run.ts';
import { until } from './until.ts';

export type Service = 'host' | 'guest';

/** How long containers may take to get where they should; a guest may pause 12.5 s between tries. */
const PATIENCE_SECONDS = 45;
/** Lines of each container's log that are shown when a test fails. */
const SHOWN_LINES = 20;

/**
 * A compose project of a test file, of the repository's own docker-compose.yml. It is removed when
 * the file is done; when a test fails, its containers are shown.
 */
export function composeProject(title: string): ComposeProject {
  const project = new ComposeProject(`${inject('runName')}-${title}`);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(await project.report());
  });
  afterAll(() => removeAll(project.name));
  return project;
}

export class ComposeProject {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Runs the compose command for this project. */
  compose(...args: string[]): Promise<string> {
    return run([...inject('compose'), '-f', COMPOSE_FILE, '-p', this.name, ...args], 90);
  }

  /** Starts the project. @throws Error with what its containers said, when that does not come about */
  async up(...args: string[]): Promise<void> {
    try {
      await this.compose('up', '-d', ...args);
    } catch (error) {
      throw new Error(`${messageOf(error)}\n${await this.report()}`);
    }
  }

  /**
   * Runs a container of a service beside those that `up` manages; it is named after the project.
   *
   * @param options what compose's `run` takes before the service
   * @param command what the container is to run, instead of what the service says
   */
  async runBeside(
    service: Service,
    options: readonly string[],
    command: readonly string[] = [],
  ): Promise<Container> {
    const name = `${this.name}-beside-${service}`;
    await this.compose('run', '-d', '--no-deps', '--name', name, ...options, service, ...command);
    return this.reload({ Id: name });
  }

  /** The containers of a service that `up` manages, in the order of their names. */
  containers(service: Service): Promise<Container[]> {
    return this.#labelled(`service=${service}`, 'oneoff=False');
  }

  /** The first container of a service. @throws Error when there is none */
  async first(service: Service): Promise<Container> {
    const [container] = await this.containers(service);
    if (container === undefined) throw new Error(`${this.name} has no ${service}`);
    return container;
  }

  /** A container as it is now. */
  async reload({ Id }: Pick<Container, 'Id'>): Promise<Container> {
    const [container] = await inspect([Id]);
    if (container === undefined) throw new Error(`there is no container ${Id}`);
    return container;
  }

  /** Waits until a service has so many containers, and all are in this state of health. */
  reach(service: Service, count: number, status: 'healthy' | 'unhealthy'): Promise<Container[]> {
    const what = `${count} of ${service} ${status}`;
    return until(what, PATIENCE_SECONDS, async () => {
      const all = await this.containers(service);
      const there = all.filter(({ State }) => State.Health.Status === status);
      if (there.length === count && all.length === count) return { found: all };
      return { seen: all.map(stateOf).join(', ') };
    });
  }

  /** Waits until the host has so many VFs, and all of them run; by VFId. */
  runningVfs(count: number): Promise<VfAnswer[]> {
    return until(`${count} VFs run`, PATIENCE_SECONDS, async () => {
      const { code, stdout, stderr } = await backchannel(
        await this.first('host'),
        'vf',
        'list',
        '--json',
      );
      if (code !== 0) return { seen: stderr };
      const { vfs } = vfListAnswer.parse(JSON.parse(stdout));
      const running = vfs.filter(({ state }) => state === 'running').length;
      if (vfs.length === count && running === count) return { found: vfs };
      return { seen: `${vfs.length} VFs, of which ${running} run` };
    });
  }

  /** Where every container stands and what it printed last, for whom has to find out why. */
  async report(): Promise<string> {
    const containers = await this.#labelled();
    const parts = containers.map(async (container) => {
      const lines = (await logText(container)).trimEnd().split('\n').slice(-SHOWN_LINES);
      return [`== ${stateOf(container)}`, ...lines].join('\n');
    });
    return `${(await Promise.all(parts)).join('\n')}\n`;
  }

  async #labelled(...labels: string[]): Promise<Container[]> {
    const filters = [`project=${this.name}`, ...labels].flatMap((label) => [
      '--filter',
      `label=com.docker.compose.${label}`,
    ]);
    const found = await inspect(words(await docker('ps', '--all', '--quiet', ...filters)));
    return found.sort((left, right) => (left.Name < right.Name ? -1 : 1));
  }
}

function stateOf({ Name, State }: Container): string {
  const { Status, ExitCode, Health } = State;
  return `${Name}: ${Status === 'exited' ? `exited with ${ExitCode}` : Status}, ${Health.Status}`;
}
