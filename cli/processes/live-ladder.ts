import type { GuestProfile } from '#guest/guest-profile.ts';
import { printable } from '#shared/text/printable.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import type { TraceFilter } from '#shared/trace/trace-filter.ts';
import { Ladder } from '../ladder/ladder.ts';
import { DEFAULT_WINDOW_MS, MergeTrace } from '../ladder/merge-trace.ts';
import type { ChildLogLine } from './child-process.ts';
import { describeLogLine } from './log-line.ts';

/** A log line waits a little longer than the events before it, so that it stands below them. */
const LOG_DELAY_MS = DEFAULT_WINDOW_MS + 30;

/** Where a ladder is drawn; a terminal has columns. */
export interface LadderOutput {
  readonly columns?: number | undefined;
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** The width for output that is no terminal. */
const DEFAULT_COLUMNS = 120;

/** Draws the trace and the log lines of several processes as they come. */
export class LiveLadder {
  readonly #output: LadderOutput;
  readonly #clock: Clock;
  readonly #ladder: Ladder;
  readonly #merge: MergeTrace;
  readonly #accepts: TraceFilter;
  readonly #lines: string[] = [];

  /** @param profile the operating system of the guests */
  constructor(
    output: LadderOutput,
    clock: Clock,
    profile: GuestProfile,
    accepts: TraceFilter = () => true,
  ) {
    this.#output = output;
    this.#clock = clock;
    this.#accepts = accepts;
    this.#ladder = new Ladder({
      columns: output.columns ?? DEFAULT_COLUMNS,
      guests: [profile],
      colour: output.isTTY === true && process.env['NO_COLOR'] === undefined,
    });
    this.#merge = new MergeTrace({ clock, onEvent: (event) => this.#draw(event) });
  }

  /** Takes events of one process, in their order. */
  events(source: string, events: readonly TraceEvent[]): void {
    this.#merge.push(source, events.filter(this.#accepts));
  }

  /** Takes a log line of a process. */
  log(source: string, line: ChildLogLine): void {
    this.#later(describeLogLine(source, line, this.#output.columns ?? DEFAULT_COLUMNS));
  }

  /** Takes a line that a process printed and that is no log line. */
  print(source: string, text: string): void {
    this.#later(printable(`· ${source}:  ${text}`));
  }

  /** Writes a line below what has happened so far. */
  #later(text: string): void {
    this.#lines.push(text);
    this.#clock.setTimer(LOG_DELAY_MS, () => this.#writeLines(1));
  }

  /** Draws and writes what still waits for its turn. */
  finish(): void {
    this.#merge.flush();
    this.#writeLines(this.#lines.length);
  }

  #writeLines(count: number): void {
    for (const text of this.#lines.splice(0, count)) this.#output.write(`${text}\n`);
  }

  #draw(event: TraceEvent): void {
    if (this.#output.columns !== undefined) this.#ladder.columns = this.#output.columns;
    this.#output.write(`${this.#ladder.render(event).join('\n')}\n`);
  }
}
