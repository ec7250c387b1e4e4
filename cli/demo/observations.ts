import type { Clock } from '#shared/time/clock.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { CommandFailure } from '../failure.ts';
import type { ChildLogLine } from '../processes/child-process.ts';

/** How long anything that the demo waits for may take. */
const PATIENCE_MS = 5_000;

interface Waiter {
  /** Whether what is waited for has happened. */
  look(): boolean;
  reject(error: Error): void;
}

/** What one process has shown so far: its trace, its log, and the phases of its VFs. */
export class Observations {
  readonly trace: TraceEvent[] = [];
  readonly log: ChildLogLine[] = [];
  readonly phases = new Map<string, string>();
  readonly #clock: Clock;
  readonly #name: string;
  readonly #waiters = new Set<Waiter>();
  #failure: Error | undefined;

  constructor(name: string, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
  }

  addTrace(events: readonly TraceEvent[]): void {
    this.trace.push(...events);
    this.#look();
  }

  addLog(line: ChildLogLine): void {
    this.log.push(line);
    this.#look();
  }

  setPhase(device: string, phase: string): void {
    this.phases.set(device, phase);
    this.#look();
  }

  /** The process is gone before its time: whoever waits for something of it waits in vain. */
  fail(error: Error): void {
    this.#failure = error;
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  /** A place in the trace and the log: what comes after it is what `until` is asked about. */
  get mark(): Mark {
    return { trace: this.trace.length, log: this.log.length };
  }

  /** The first event after the mark that matches. */
  event(mark: Mark, wanted: Partial<TraceEvent>): Promise<TraceEvent> {
    const what = JSON.stringify(wanted);
    return this.until(`the event ${what}`, () =>
      this.trace.slice(mark.trace).find((event) => matches(event, wanted)),
    );
  }

  /** The first log line after the mark with this message, and these fields if any. */
  logged(mark: Mark, msg: string, fields: object = {}): Promise<ChildLogLine> {
    return this.until(`the log line "${msg}"`, () =>
      this.log.slice(mark.log).find((line) => matches(line, { msg, ...fields })),
    );
  }

  /** Resolves with what `find` finds, as soon as it finds it. */
  until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        reject: (error) => {
          deadline.cancel();
          reject(error);
        },
        look: () => {
          const found = find();
          if (found === undefined) return false;
          deadline.cancel();
          resolve(found);
          return true;
        },
      };
      this.#waiters.add(waiter);
      const deadline = this.#clock.setTimer(PATIENCE_MS, () => {
        this.#waiters.delete(waiter);
        const seconds = PATIENCE_MS / 1000;
        waiter.reject(new CommandFailure(`${this.#name} did not show ${what} within ${seconds} s`));
      });
      if (this.#failure !== undefined) waiter.reject(this.#failure);
      if (waiter.look()) this.#waiters.delete(waiter);
    });
  }

  #look(): void {
    for (const waiter of this.#waiters) if (waiter.look()) this.#waiters.delete(waiter);
  }
}

export interface Mark {
  readonly trace: number;
  readonly log: number;
}

function matches(found: object, wanted: object): boolean {
  const fields: { readonly [name: string]: unknown } = { ...found };
  return Object.entries(wanted).every(([name, value]) => fields[name] === value);
}
