import type { GuestProfile } from '#guest/guest-profile.ts';
import { printable, printableAscii } from '#shared/text/printable.ts';
import { type EventDetail, eventDetails } from '#shared/trace/event-details.ts';
import { HOPS } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { eventFailed } from '#shared/trace/trace-filter.ts';
import { wrap } from '../text/reflow.ts';
import { layOutLabel } from './event-label.ts';
import { ASCII_GLYPHS, type Glyphs, UNICODE_GLYPHS } from './glyphs.ts';
import { BOUNDARY, emptyRow, headRow, hopRow, LANES_WIDTH } from './lanes.ts';
import { legend } from './legend.ts';
import { type Paint, paintColour, paintNothing } from './styles.ts';

/** A second without events is told apart, so that a time has at most the width of `999.999`. */
const PAUSE_MS = 1000;
const TIME_WIDTH = 7;

/** Where lanes and labels begin: a space follows the time, and another the lanes. */
const LANES_AT = TIME_WIDTH + 1;
const LABEL_AT = LANES_AT + LANES_WIDTH + 1;

/** A narrower label says nothing; on a terminal that leaves less, lines wrap. */
const LEAST_LABEL_WIDTH = 12;

const DEFAULT_HEAD_EVERY = 40;

export interface LadderOptions {
  /** The width to draw for. From 80 on nothing wraps, and every documented name is whole. */
  readonly columns: number;
  readonly colour: boolean;
  /** Draws with ASCII alone. */
  readonly ascii?: boolean;
  /** The guest operating systems whose actors the legend names; that of Windows by default. */
  readonly guests?: readonly GuestProfile[];
  /** How many digits the numbers of the events have, which then stand before the times. */
  readonly numberDigits?: number;
  /** After how many events the heads of the lanes are repeated. */
  readonly headEvery?: number;
}

/**
 * Draws a trace: a lane for each actor, an arrow for each hop, the milliseconds since the line
 * above, and what travels. A packet between the partitions is drawn in two halves, where it is sent
 * and where it is received, so that the picture also holds when only one side is traced.
 */
export class Ladder {
  /** The width to draw for; to be set when a terminal changes its size. */
  columns: number;
  readonly #glyphs: Glyphs;
  readonly #safe: (text: string) => string;
  readonly #paint: Paint;
  readonly #guests: readonly GuestProfile[];
  readonly #headEvery: number;
  readonly #numberDigits: number;
  /** What stands before a time where no number does. */
  readonly #margin: string;
  #lastAt: number | undefined;
  #lastDevice: string | undefined;
  #sinceHead = 0;

  constructor(options: LadderOptions) {
    const ascii = options.ascii ?? false;
    this.columns = options.columns;
    this.#glyphs = ascii ? ASCII_GLYPHS : UNICODE_GLYPHS;
    this.#safe = ascii ? printableAscii : printable;
    this.#paint = options.colour ? paintColour : paintNothing;
    this.#guests = options.guests ?? ['windows'];
    this.#headEvery = options.headEvery ?? DEFAULT_HEAD_EVERY;
    this.#numberDigits = options.numberDigits ?? 0;
    this.#margin = this.#numberDigits === 0 ? '' : ' '.repeat(this.#numberDigits + 1);
  }

  /** The lines that show an event, without line ends: what has to stand above it, and its own. */
  render(event: TraceEvent): readonly string[] {
    const elapsed = this.#elapsedAt(event.at);
    const isFirst = elapsed === undefined || elapsed >= PAUSE_MS;
    const above = isFirst ? this.#opening(elapsed) : this.#repeatedHead();
    this.#lastAt = event.at;
    this.#sinceHead++;
    return [...above, ...this.#draw(event, isFirst ? '' : elapsed.toFixed(3))];
  }

  /** The lines of a remark on the event above it, which is no event itself. */
  remark(text: string): readonly string[] {
    const lead = `${this.#margin}${' '.repeat(LANES_AT)}${emptyRow(this.#glyphs)} `;
    const width = this.#labelWidth();
    return wrap(this.#safe(text), width, '  ')
      .split('\n')
      .map((line) => this.#paint('lanes', lead) + this.#paint('failure', line));
  }

  /** Milliseconds since the event above, in whole microseconds: finer than that is noise. */
  #elapsedAt(at: number): number | undefined {
    if (this.#lastAt === undefined) return undefined;
    return Math.max(0, Math.round((at - this.#lastAt) * 1000) / 1000);
  }

  /** What stands above the first event, and above the first one after a pause. */
  #opening(pause: number | undefined): string[] {
    this.#sinceHead = 0;
    if (pause === undefined)
      return [...legend(this.#guests, this.#glyphs, this.#paint), '', this.#head()];
    const { ellipsis } = this.#glyphs;
    const text = `${ellipsis} ${(pause / 1000).toFixed(1)} s ${ellipsis}`;
    const centred = text.padStart(
      this.#margin.length + LANES_AT + BOUNDARY + Math.ceil(text.length / 2),
    );
    return [this.#paint('pause', centred), this.#head()];
  }

  #repeatedHead(): string[] {
    if (this.#sinceHead < this.#headEvery) return [];
    this.#sinceHead = 0;
    return [this.#head()];
  }

  #head(): string {
    const number = this.#margin === '' ? '' : `${'#'.padStart(this.#numberDigits)} `;
    return this.#paint('head', `${number}${'ms'.padStart(TIME_WIDTH)} ${headRow(this.#glyphs)}`);
  }

  #draw(event: TraceEvent, time: string): string[] {
    const failed = eventFailed(event);
    const { before, arrow, after } = hopRow(event.hop, failed, this.#glyphs);
    const number = this.#margin === '' ? '' : `${String(event.seq).padStart(this.#numberDigits)} `;
    const lanes =
      this.#paint('lanes', `${number}${time.padStart(TIME_WIDTH)} ${before}`) +
      this.#paint(failed ? 'failed' : HOPS[event.hop].phase, arrow) +
      this.#paint('lanes', after);
    const noArrow = this.#paint(
      'lanes',
      this.#margin + ' '.repeat(LANES_AT) + emptyRow(this.#glyphs),
    );
    return this.#label(event).map((line, row) => `${row === 0 ? lanes : noArrow} ${line}`);
  }

  #label(event: TraceEvent): string[] {
    const details = eventDetails(event).map(({ kind, text }) => ({ kind, text: this.#safe(text) }));
    const essential = new Set<EventDetail['kind']>(['failure', 'note']);
    if (event.device !== undefined && event.device !== this.#lastDevice) {
      essential.add('device');
      this.#lastDevice = event.device;
    }
    const name = this.#safe(event.name);
    const lines = layOutLabel(name, details, this.#labelWidth(), essential, this.#glyphs.ellipsis);
    return lines.map((line) => line.map(({ kind, text }) => this.#paint(kind, text)).join(' '));
  }

  #labelWidth(): number {
    return Math.max(LEAST_LABEL_WIDTH, this.columns - this.#margin.length - LABEL_AT);
  }
}
