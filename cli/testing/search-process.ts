import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Timer } from '#shared/time/clock.ts';
import { systemClock } from '#shared/time/system.ts';
import { UsageError } from '../failure.ts';
import { END_SEARCH, type Found, type SearchOrder, type SearchReport } from './search-messages.ts';

const PROGRAM = fileURLToPath(new URL('./search-child.mjs', import.meta.url));

/** How long a search may take to end when it is to. */
const GRACE_MS = 3_000;

/** How long nothing is heard of a process whose thread somebody keeps. A burst of events takes seconds. */
const LONGEST_SILENCE_MS = 60_000;

/** How often it is looked after. */
const LOOK_MS = 200;

export interface SearchEvents {
  /** Given when the user wants the search to end. */
  readonly signal: AbortSignal;
  readonly onReport: (report: SearchReport) => void;
}

/** What a search came to. */
export interface SearchEnd {
  /** Undefined when it had to be ended. */
  readonly found: Found | undefined;
  /** Why it had to be, in words; undefined where the user wanted it. */
  readonly why?: string;
}

/**
 * Searches in a process of its own, which can be ended whatever the drivers in it do. It is when the user
 * wants that, when nothing is heard of it any more, and when the process is gone that started this one.
 *
 * @throws UsageError for a scenario that cannot be loaded, or that throws where nobody catches it
 */
export async function searchApart(order: SearchOrder, events: SearchEvents): Promise<SearchEnd> {
  // What drivers print goes where errors go: what this process prints may be meant for a program.
  const child = fork(PROGRAM, [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc', 'ignore', 'pipe'],
  });
  try {
    return await new Promise((resolve, reject) => {
      new SearchWatch(child, events, resolve, reject).begin(order);
    });
  } finally {
    child.kill('SIGKILL');
  }
}

/** Waits for what a search comes to. */
class SearchWatch {
  readonly #child: ChildProcess;
  readonly #events: SearchEvents;
  readonly #resolve: (end: SearchEnd) => void;
  readonly #reject: (error: Error) => void;
  readonly #parent = process.ppid;
  #heard = systemClock.now();
  /** When it is ended, if it is to end. */
  #deadline = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;

  constructor(
    child: ChildProcess,
    events: SearchEvents,
    resolve: (end: SearchEnd) => void,
    reject: (error: Error) => void,
  ) {
    this.#child = child;
    this.#events = events;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(order: SearchOrder): void {
    this.#child.on('message', (report: SearchReport) => this.#take(report));
    this.#child.on('error', (error) => this.#over(() => this.#reject(error)));
    this.#child.on('close', (code, signal) => this.#give(`its process ended: ${code ?? signal}`));
    // Whoever is gone hears nothing, and its close tells.
    this.#child.send(order, () => {});
    this.#look();
  }

  #take(report: SearchReport): void {
    this.#heard = systemClock.now();
    if (report.type === 'found') this.#over(() => this.#resolve({ found: report.found }));
    else if (report.type === 'failed') this.#over(() => this.#reject(errorOf(report)));
    else this.#events.onReport(report);
  }

  #look(): void {
    const now = systemClock.now();
    const isWanted = this.#events.signal.aborted || process.ppid !== this.#parent;
    if (isWanted && this.#deadline === Number.POSITIVE_INFINITY) {
      this.#deadline = now + GRACE_MS;
      this.#child.send(END_SEARCH, () => {});
    }
    if (now > this.#deadline) this.#give(undefined);
    else if (now - this.#heard > LONGEST_SILENCE_MS) this.#give(SILENT);
    else this.#timer = systemClock.setTimer(LOOK_MS, () => this.#look());
  }

  #give(why: string | undefined): void {
    this.#over(() => this.#resolve({ found: undefined, ...(why === undefined ? {} : { why }) }));
  }

  #over(settle: () => void): void {
    this.#timer?.cancel();
    settle();
  }
}

const SILENT = `nothing was heard of the run under way for ${LONGEST_SILENCE_MS / 1000} s: a driver or the scenario does not let go of the thread`;

function errorOf({ message, isMisuse }: { readonly message: string; readonly isMisuse: boolean }) {
  return isMisuse ? new UsageError(message) : new Error(message);
}
