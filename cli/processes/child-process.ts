import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Clock } from '#shared/time/clock.ts';
import { type ChildReport, SHUTDOWN } from './supervision.ts';

const COMMAND = fileURLToPath(new URL('../backchannel.mjs', import.meta.url));

/** How `backchannel` begins its last words when it fails. */
const LAST_WORDS = 'backchannel: ';
/** How many lines of them are kept. */
const MAX_LAST_WORDS = 20;

/** How long a child may take over its shutdown before it is ended. */
const SHUTDOWN_TIMEOUT_MS = 6_000;

const logLine = z.looseObject({ level: z.number(), msg: z.string() });

/** A line that a child logged: pino's level, the message, and the fields beside it. */
export type ChildLogLine = z.output<typeof logLine>;

export interface ChildEvents {
  report(report: ChildReport): void;
  log(line: ChildLogLine): void;
  /** A line the child printed that is no log line: a miniport's own output. */
  print(text: string): void;
}

/** One side of the channel, as a process of its own. */
export class SideProcess {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #lastWords: string[] = [];
  /** The exit code; -1 when a signal ended it. */
  readonly exited: Promise<number>;

  /** Starts `backchannel …args`. It ends by itself when this process does. */
  constructor(args: readonly string[], clock: Clock, events: ChildEvents, env = process.env) {
    this.#clock = clock;
    this.#child = fork(COMMAND, [...args, '--log-format', 'json'], { silent: true, env });
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code) => resolve(code ?? -1));
    });
    // Only this project's own command is on the other end of the channel.
    this.#child.on('message', (message) => events.report(message as ChildReport));
    this.#readLines(this.#child.stdout, (line) => {
      const parsed = parseLogLine(line);
      if (parsed === undefined) events.print(line);
      else events.log(parsed);
    });
    this.#readLines(this.#child.stderr, (line) => {
      if (!this.#takeLastWords(line)) events.print(line);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Why it failed, in its own words; undefined when it said nothing. */
  get failure(): string | undefined {
    return this.#lastWords.length === 0 ? undefined : this.#lastWords.join('\n');
  }

  /** Asks for an end in good order, and ends it by force when that takes too long. */
  async shutdown(): Promise<number> {
    if (this.#child.connected) this.#child.send(SHUTDOWN, () => {});
    const deadline = this.#clock.setTimer(SHUTDOWN_TIMEOUT_MS, () => this.kill());
    const code = await this.exited;
    deadline.cancel();
    return code;
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Whether a line belongs to the command's last words, after which it prints nothing else. */
  #takeLastWords(line: string): boolean {
    if (line.startsWith(LAST_WORDS)) this.#lastWords.push(line.slice(LAST_WORDS.length));
    else if (this.#lastWords.length === 0) return false;
    else if (this.#lastWords.length < MAX_LAST_WORDS) this.#lastWords.push(line);
    return true;
  }

  #readLines(stream: ChildProcess['stdout'], take: (line: string) => void): void {
    if (stream !== null) createInterface({ input: stream }).on('line', take);
  }
}

function parseLogLine(line: string): ChildLogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = logLine.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
