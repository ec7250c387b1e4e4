import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#shared/time/system.ts';

const COMMAND = fileURLToPath(new URL('../../../cli/backchannel.mjs', import.meta.url));

/** How long anything that a test waits for may take; only a test that fails waits as long. */
const PATIENCE_MS = 20_000;

/** How a process ended: its exit code, or the signal that ended it. */
export type Ending = number | NodeJS.Signals;

/** A line that a process logged as JSON. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** One `backchannel …` as a user runs it, and what it has printed so far. */
export class CommandProcess {
  readonly log: LogLine[] = [];
  readonly ended: Promise<Ending>;
  readonly #what: string;
  readonly #child: ChildProcess;
  readonly #waiters = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #partial = '';
  #ending: Ending | undefined;

  constructor(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    this.#what = `backchannel ${args.join(' ')}`;
    this.#child = spawn(process.execPath, [COMMAND, ...args], { cwd, env });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#printed(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#look();
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#ending = code ?? signal ?? 'SIGKILL';
        resolve(this.#ending);
        this.#look();
      });
    });
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error(`${this.#what} did not start`);
    return pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get isRunning(): boolean {
    return this.#ending === undefined;
  }

  /** How it ends; fails when that takes too long. */
  ending(): Promise<Ending> {
    return this.until('its end', () => this.#ending);
  }

  /** The first line it logged, from `from` on, with this message and these fields. */
  logged(msg: string, fields: object = {}, from = 0): Promise<LogLine> {
    const wanted = Object.entries({ msg, ...fields });
    return this.until(`the log line "${msg}" ${JSON.stringify(fields)}`, () =>
      this.log.slice(from).find((line) => wanted.every(([name, value]) => line[name] === value)),
    );
  }

  /** The text it has printed, once it matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return this.until(String(pattern), () => pattern.exec(this.#stdout) ?? undefined);
  }

  /**
   * What `find` finds in the output, as soon as it finds it. Fails with the whole output when the
   * process ends before, or time runs out.
   */
  until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found !== undefined) finish(() => resolve(found));
        else if (this.#ending !== undefined) finish(() => reject(this.#missing(what, 'it ended')));
      };
      const finish = (settle: () => void): void => {
        deadline.cancel();
        this.#waiters.delete(look);
        settle();
      };
      const deadline = systemClock.setTimer(PATIENCE_MS, () =>
        finish(() => reject(this.#missing(what, `${PATIENCE_MS} ms passed`))),
      );
      this.#waiters.add(look);
      look();
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it by force, unless it has ended. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #printed(text: string): void {
    this.#stdout += text;
    const lines = `${this.#partial}${text}`.split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{"level"')) this.log.push(JSON.parse(line));
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#waiters]) look();
  }

  #missing(what: string, why: string): Error {
    const output = `stdout:\n${this.#stdout}\nstderr:\n${this.#stderr}`;
    return new Error(`${this.#what}: ${what} did not come, and ${why}\n${output}`);
  }
}
