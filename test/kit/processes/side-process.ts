import { type ChildProcess, fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Clock, Timer } from '#shared/time/clock.ts';
import { PATIENCE_MS, START_MS } from './limits.ts';
import type { Given, Order, Question, QuestionName, Taken } from './orders.ts';
import { REPORT_FD, type SideReport } from './reports.ts';

const PROGRAM = fileURLToPath(new URL('./child.mjs', import.meta.url));

/** How long a process may take to be gone once it has answered that it ends. */
const GRACE_MS = 1_000;

/** A process that has not done in time what it was asked. */
export class OverdueError extends Error {
  override readonly name = 'OverdueError';
}

interface Waiting {
  readonly gives: (value: unknown) => void;
  readonly fails: (error: Error) => void;
  readonly deadline: Timer;
}

/** One operating system of a world, as a process of its own. */
export class SideProcess {
  /** Resolves when the process is gone, and everything that it told has been taken. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #name = 'a spare process';
  #ready: Promise<string | undefined> = Promise.resolve(undefined);
  #take: (report: SideReport) => void = () => {};
  #lastId = 0;
  #isMeantToEnd = false;
  #isKilled = false;
  #end: string | undefined;

  /** Starts the process, which ends when this one does, and waits for its order. */
  constructor(clock: Clock) {
    this.#clock = clock;
    // What drivers print goes where errors go: what this process prints may be meant for a program.
    this.#child = fork(PROGRAM, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc', 'pipe', 'pipe'],
    });
    this.gone = this.#watch();
  }

  /**
   * Makes it the operating system that an order says.
   *
   * @param take is given what the process tells, but for answers
   */
  begin(order: Order, take: (report: SideReport) => void): void {
    this.#name = order.side === 'host' ? 'host' : order.name;
    this.#take = take;
    this.#ready = this.#wait<string | undefined>(0, 'started', START_MS);
    // Whoever needs it awaits it; until then it is no unhandled one.
    this.#ready.catch(() => {});
    if (this.#end === undefined) this.#send(order);
    else this.#over(this.#end);
  }

  /** The guest's name, or `host`. */
  get name(): string {
    return this.#name;
  }

  /** Resolves with where a host listens; rejects with why it has not started. */
  get ready(): Promise<string | undefined> {
    return this.#ready;
  }

  /** Whether the process is there, and nobody wants it to end. */
  get isAlive(): boolean {
    return this.#end === undefined && !this.#isMeantToEnd;
  }

  /** Whether somebody killed it. */
  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** How it ended although nobody wanted it to, in words. */
  get failure(): string | undefined {
    return this.#isMeantToEnd ? undefined : this.#end;
  }

  /** Asks something. Gives undefined when the process is killed, or was asked to stop, before it answers. */
  ask<Q extends QuestionName>(name: Q, takes: Taken<Q>): Promise<Given<Q> | undefined> {
    if (this.#isMeantToEnd) return Promise.resolve(undefined);
    if (this.#end !== undefined) return Promise.reject(new Error(this.#end));
    const id = ++this.#lastId;
    const given = this.#wait<Given<Q> | undefined>(id, `done "${name}"`);
    const question: Question = { id, name, takes };
    this.#send(question);
    return given;
  }

  /** Ends it in good order, and by force when that takes too long. Gives what it left, in words. */
  async stop(): Promise<readonly string[]> {
    const answered = this.ask('stop', undefined);
    this.#isMeantToEnd = true;
    try {
      return (await answered) ?? [];
    } finally {
      const deadline = this.#clock.setTimer(GRACE_MS, () => this.#child.kill('SIGKILL'));
      await this.gone;
      deadline.cancel();
    }
  }

  /** Ends it at once. */
  kill(): void {
    this.#isMeantToEnd = true;
    this.#isKilled = true;
    this.#child.kill('SIGKILL');
  }

  #send(message: Order | Question): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #wait<T>(id: number, what: string, limit = PATIENCE_MS): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const deadline = this.#clock.setTimer(limit, () => {
        this.#settle(id, ({ fails }) =>
          fails(new OverdueError(`${this.name} has not ${what} within ${limit / 1000} s`)),
        );
      });
      this.#waiting.set(id, {
        // Each question has an answer of its own; TypeScript cannot follow the pair through the map.
        gives: (value) => resolve(value as T),
        fails: reject,
        deadline,
      });
    });
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.deadline.cancel();
    how(waiting);
  }

  #watch(): Promise<void> {
    const pipe = this.#child.stdio[REPORT_FD] as Readable;
    let rest = '';
    pipe.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const report = reportIn(line);
        if (report !== undefined && !this.#isAnswer(report)) this.#take(report);
      }
    });
    return new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#over(`the process of ${this.name} could not be run: ${error.message}`);
        resolve();
      });
      this.#child.once('close', (code, signal) => {
        this.#over(`the process of ${this.name} ended (${signal ?? `exit code ${code}`})`);
        resolve();
      });
    });
  }

  #over(how: string): void {
    this.#end ??= how;
    for (const id of [...this.#waiting.keys()]) {
      this.#settle(id, ({ gives, fails }) =>
        this.#isMeantToEnd ? gives(undefined) : fails(new Error(how)),
      );
    }
  }

  /** Whether a report is for whoever has asked. */
  #isAnswer(report: SideReport): boolean {
    if (report.type === 'ready') this.#settle(0, ({ gives }) => gives(report.url));
    else if (report.type === 'answer') this.#settle(report.id, ({ gives }) => gives(report.gives));
    else if (report.type === 'failed') {
      // Without a question: it could not start, and ends.
      if (report.id === undefined) this.#end ??= report.message;
      this.#settle(report.id ?? 0, ({ fails }) => fails(new Error(report.message)));
    } else return false;
    return true;
  }
}

/** What a line says; undefined for one that a driver wrote where it should not. */
function reportIn(line: string): SideReport | undefined {
  try {
    const read: unknown = JSON.parse(line);
    const isReport = typeof read === 'object' && read !== null && 'type' in read;
    return isReport ? (read as SideReport) : undefined;
  } catch {
    return undefined;
  }
}
