import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock, Timer } from '#shared/time/clock.ts';
import { CommandFailure } from '../failure.ts';
import {
  answerSchema,
  COMMANDS,
  type CommandName,
  type Given,
  type Question,
  type Taken,
} from './commands.ts';

/** Nothing that a process of the bench is asked takes this long; one that does is stuck. */
const ANSWER_TIMEOUT_MS = 20_000;

/** The programs that the bench runs as processes of their own. */
const PROGRAMS = {
  host: new URL('./host-process.ts', import.meta.url),
  guest: new URL('./guest-process.ts', import.meta.url),
  'echo server': new URL('./echo-server-process.ts', import.meta.url),
  'echo client': new URL('./echo-client-process.ts', import.meta.url),
} as const;

export type ProgramName = keyof typeof PROGRAMS;

interface Waiting {
  readonly gives: (value: unknown) => void;
  readonly fails: (error: Error) => void;
  readonly deadline: Timer;
}

/** One process of the bench, as the process that started it sees it. */
export class BenchProcess {
  readonly #name: ProgramName;
  readonly #clock: Clock;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: CommandFailure | undefined;

  /**
   * Starts the program with this process's own node. TypeScript is loaded by tsx, named by its URL,
   * since a bare name would be looked for from the working directory.
   */
  constructor(name: ProgramName, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
    this.#child = fork(fileURLToPath(PROGRAMS[name]), [], {
      execArgv: ['--import', import.meta.resolve('tsx'), '--expose-gc'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => this.#answered(message));
    this.#child.on('error', (error) => this.#fail(`could not be run: ${error.message}`));
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', () => resolve());
      this.#child.once('exit', (code, signal) => {
        this.#fail(`ended unasked (${signal ?? `exit code ${code}`})`);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks for a measurement. Rejects with a {@link CommandFailure} when there is no answer. */
  async ask<C extends CommandName>(command: C, takes: Taken<C>): Promise<Given<C>> {
    const given = await new Promise<unknown>((gives, fails) => {
      if (this.#ended !== undefined) {
        fails(this.#ended);
        return;
      }
      const id = ++this.#lastId;
      const deadline = this.#clock.setTimer(ANSWER_TIMEOUT_MS, () =>
        this.#fail(`did not answer "${command}" within ${ANSWER_TIMEOUT_MS / 1000} s`),
      );
      this.#waiting.set(id, { gives, fails, deadline });
      const question: Question = { id, command, takes };
      this.#child.send(question);
    });
    // The schema of this very command; TypeScript cannot follow the pair through a lookup.
    return COMMANDS[command].gives.parse(given) as Given<C>;
  }

  /** Ends the process, and resolves when it is gone. */
  async end(): Promise<void> {
    this.#fail('was ended');
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #answered(message: unknown): void {
    const answer = answerSchema.parse(message);
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    waiting?.deadline.cancel();
    if ('failure' in answer) waiting?.fails(this.#failure(`failed: ${answer.failure}`));
    else waiting?.gives(answer.gives);
  }

  #fail(what: string): void {
    this.#ended ??= this.#failure(what);
    for (const { fails, deadline } of this.#waiting.values()) {
      deadline.cancel();
      fails(this.#ended);
    }
    this.#waiting.clear();
  }

  #failure(what: string): CommandFailure {
    return new CommandFailure(`the ${this.#name} of the bench ${what}`);
  }
}
